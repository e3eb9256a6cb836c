import type { ContainerArgs } from "@pulumi/docker";
import type { CONTAINER_ARGUMENTS } from "../components/arguments";
import { HARDENING_EXCEPTIONS, type HardeningException } from "./hardeningExceptions";
import { resourcePolicy } from "./kit/define";
import { isEmpty } from "./kit/empty";
import { CONTAINER, type ContainerProps, NEXUS, ownerOf } from "./kit/resources";
import type { Part } from "./kit/unknown";

interface Subject {
  props: ContainerProps;
  part: Part;
  report(message: string): void;
  exception?: HardeningException;
}

const NO_NEW_PRIVILEGES = /^no-new-privileges(:true|=true)?$/;

/** What the Engine takes for the name of a volume; anything else in its place is a folder of the host. */
const VOLUME_NAME = /^[a-zA-Z0-9][\w.-]*$/;

/**
 * What gives a container a part of the host, whatever its value. `known-arguments` refuses them as well for as long as
 * no component sets them; the type sees to it that none of them becomes an argument without a change here.
 */
const HOST_ACCESS: readonly Exclude<keyof ContainerArgs, keyof typeof CONTAINER_ARGUMENTS>[] = [
  "privileged",
  "devices",
  "deviceRequests",
  "gpus",
  "groupAdds",
  "cgroupParent",
  "cgroupnsMode",
  "ipcMode",
  "pidMode",
  "usernsMode",
  "runtime",
  "sysctls",
];

/** A server that is broken into stays in its container (CIS Docker Benchmark, "Container Runtime"). */
export const hardening = resourcePolicy({
  name: "hardening",
  description:
    "Containers run without root, capabilities, new privileges, host namespaces or a writable root.",
  type: CONTAINER,
  config: {},
  whenUnknown: "refuse",
  check({ props, part, report }) {
    let exception: HardeningException | undefined;
    part(() => {
      const { region, role } = ownerOf(props);
      exception = HARDENING_EXCEPTIONS.find((one) => region === NEXUS && one.role === role);
    });
    const subject = { props, part, report, exception };
    checkRoot(subject);
    checkCapabilities(subject);
    checkHostAccess(subject);
    part(() => {
      if (exception && props.networkMode !== "none")
        report("an exception is only for a container without network");
    });
  },
});

function checkRoot({ props, part, report, exception }: Subject): void {
  part(() => {
    if (props.readOnly !== true) report("readOnly is not true");
  });
  part(() => {
    const [uid, gid] = /^(\d+):(\d+)$/.exec(props.user ?? "")?.slice(1) ?? [];
    if (uid === undefined || gid === undefined) return report("user is not a numeric uid:gid");
    if ((Number(uid) === 0 || Number(gid) === 0) && !exception?.root) report("user is root");
  });
}

function checkCapabilities({ props, part, report, exception }: Subject): void {
  part(() => {
    if (!(props.capabilities?.drops ?? []).includes("ALL")) report("capabilities.drops has no ALL");
  });
  part(() => {
    const allowed = exception?.capabilities ?? [];
    const more = (props.capabilities?.adds ?? []).filter((one) => !allowed.includes(one));
    if (more.length > 0) report("capabilities.adds holds one that is not allowed");
  });
  part(() => {
    const options = [...(props.securityOpts ?? [])];
    if (!options.some((one) => NO_NEW_PRIVILEGES.test(one)))
      return report("securityOpts has no no-new-privileges");
    const allowed = exception?.securityOpts ?? [];
    // The last one counts: `no-new-privileges:false` would take back what stands before it.
    const more = options.filter((one) => !NO_NEW_PRIVILEGES.test(one) && !allowed.includes(one));
    if (more.length > 0) report("securityOpts holds one that is not allowed");
  });
}

function checkHostAccess({ props, part, report, exception }: Subject): void {
  for (const key of HOST_ACCESS) {
    part(() => {
      if (!isEmpty(props[key])) report(`${key} gives it a part of the host`);
    });
  }
  part(() => {
    const allowed = exception?.deviceCgroupRules ?? [];
    const more = (props.deviceCgroupRules ?? []).filter((one) => !allowed.includes(one));
    if (more.length > 0) report("deviceCgroupRules holds one that is not allowed");
  });
  part(() => {
    const isFolder = ({ hostPath, volumeName }: { hostPath?: string; volumeName?: string }) =>
      Boolean(hostPath) || (Boolean(volumeName) && !VOLUME_NAME.test(volumeName ?? ""));
    if ((props.volumes ?? []).some(isFolder)) report("volumes binds a folder of the host into it");
  });
  part(() => {
    const mounts = props.mounts ?? [];
    // A mount of a volume can carry a driver's options, and they can name any folder.
    const allowed = exception?.hostFolders ? mounts.filter(({ type }) => type === "bind") : [];
    if (allowed.length < mounts.length) report("mounts holds one that is not allowed");
  });
}
