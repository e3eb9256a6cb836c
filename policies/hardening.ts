import { HARDENING_EXCEPTIONS, type HardeningException } from "./hardeningExceptions";
import { resourcePolicy } from "./kit/define";
import { CONTAINER, type ContainerProps, NEXUS, ownerOf } from "./kit/resources";
import type { Part } from "./kit/unknown";

type Report = (message: string) => void;

const NO_NEW_PRIVILEGES = /^no-new-privileges(:true|=true)?$/;

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
    checkRoot(props, part, report, exception);
    checkCapabilities(props, part, report, exception);
    checkHostAccess(props, part, report, exception);
    part(() => {
      if (exception && props.networkMode !== "none")
        report("an exception is only for a container without network");
    });
  },
});

function checkRoot(props: ContainerProps, part: Part, report: Report, exception?: HardeningException): void {
  part(() => {
    if (props.readOnly !== true) report("readOnly is not true");
  });
  part(() => {
    if (props.privileged) report("privileged is set");
  });
  part(() => {
    const [uid, gid] = /^(\d+):(\d+)$/.exec(props.user ?? "")?.slice(1) ?? [];
    if (uid === undefined || gid === undefined) return report("user is not a numeric uid:gid");
    if ((Number(uid) === 0 || Number(gid) === 0) && !exception?.root) report("user is root");
  });
}

function checkCapabilities(
  props: ContainerProps,
  part: Part,
  report: Report,
  exception?: HardeningException,
): void {
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
    if (!options.some((one) => NO_NEW_PRIVILEGES.test(one))) report("securityOpts has no no-new-privileges");
    const allowed = exception?.securityOpts ?? [];
    const more = options.filter((one) => !one.startsWith("no-new-privileges") && !allowed.includes(one));
    if (more.length > 0) report("securityOpts holds one that is not allowed");
  });
}

function checkHostAccess(
  props: ContainerProps,
  part: Part,
  report: Report,
  exception?: HardeningException,
): void {
  part(() => {
    if ((props.devices ?? []).length > 0) report("devices gives it a device of the host");
  });
  part(() => {
    const allowed = exception?.deviceCgroupRules ?? [];
    const more = (props.deviceCgroupRules ?? []).filter((one) => !allowed.includes(one));
    if (more.length > 0) report("deviceCgroupRules holds one that is not allowed");
  });
  part(() => {
    const folders = [
      ...(props.volumes ?? []).map(({ hostPath }) => hostPath),
      ...(props.mounts ?? []).map(({ type, source }) => (type === "bind" ? source : undefined)),
    ];
    if (folders.some(Boolean) && !exception?.hostFolders) report("a folder of the host is bound into it");
  });
  for (const key of ["ipcMode", "pidMode", "usernsMode"] as const) {
    part(() => {
      // "container:..." shares another container's; "private" and "shareable" are the container's own.
      if (/^(host|container:)/.test(props[key] ?? "")) report(`${key} is not the container's own`);
    });
  }
}
