import { engineSocket } from "../../../policies/engineSocket";
import { hardening } from "../../../policies/hardening";
import { healthChecks } from "../../../policies/healthChecks";
import { VOLUME } from "../../../policies/kit/resources";
import { pinnedImages } from "../../../policies/pinnedImages";
import { stopGrace } from "../../../policies/stopGrace";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, UNKNOWN, UNKNOWN_LIST } from "./harness";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const image = (name: string) => [container({ image: name })];
const role = (name: string, changes: Props = {}) =>
  container({ labels: labels("aurora", name), ...changes }, `region-aurora-${name}`);
const keeper = (changes: Props = {}) =>
  container({
    name: "disk-keeper",
    labels: labels("central-nexus", "disk"),
    user: "0:0",
    capabilities: { adds: ["CAP_SYS_ADMIN"], drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true", "apparmor=unconfined"],
    deviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
    networkMode: "none",
    networksAdvanced: [],
    volumes: [],
    mounts: [{ type: "bind", source: "/dev", target: "/dev" }],
    ...changes,
  });
const bind = (hostPath: string) => [container({ volumes: [{ hostPath, containerPath: "/x" }] })];
const folder = (device: string) => ({
  type: VOLUME,
  name: "v",
  props: { name: "v-data", driverOpts: { device, o: "bind", type: "none" } },
});

export const containers: PolicyCases[] = [
  {
    policy: hardening,
    compliant: {
      "an ordinary container": [container()],
      "the disk keeper with all that it may have": [keeper()],
      "namespaces of its own": [container({ ipcMode: "private", pidMode: "", usernsMode: "" })],
    },
    broken: {
      "a writable root": [[container({ readOnly: false })], /readOnly/],
      "readOnly left out": [[container({ readOnly: undefined })], /readOnly/],
      privileged: [[container({ privileged: true })], /privileged/],
      root: [[container({ user: "0:0" })], /user is root/],
      "root's group": [[container({ user: "70:0" })], /user is root/],
      "a user by name": [[container({ user: "postgres" })], /numeric uid:gid/],
      "no user": [[container({ user: undefined })], /numeric uid:gid/],
      "capabilities left out": [[container({ capabilities: undefined })], /capabilities.drops/],
      "some dropped": [[container({ capabilities: { drops: ["CAP_NET_RAW"] } })], /capabilities.drops/],
      "one added": [
        [container({ capabilities: { adds: ["CAP_NET_ADMIN"], drops: ["ALL"] } })],
        /capabilities.adds/,
      ],
      "new privileges": [[container({ securityOpts: [] })], /no-new-privileges/],
      "new privileges by false": [
        [container({ securityOpts: ["no-new-privileges:false"] })],
        /no-new-privileges/,
      ],
      "no system call filter": [
        [container({ securityOpts: ["no-new-privileges:true", "seccomp=unconfined"] })],
        /securityOpts holds one/,
      ],
      "a device": [[container({ devices: [{ hostPath: "/dev/sda" }] })], /devices/],
      "a device class": [[container({ deviceCgroupRules: ["b 7:* rwm"] })], /deviceCgroupRules/],
      "the host's processes": [[container({ pidMode: "host" })], /pidMode/],
      "another container's memory": [[container({ ipcMode: "container:abc" })], /ipcMode/],
      "the host's users": [[container({ usernsMode: "host" })], /usernsMode/],
      "a disk keeper with another capability": [
        [keeper({ capabilities: { adds: ["CAP_SYS_ADMIN", "CAP_SYS_MODULE"], drops: ["ALL"] } })],
        /capabilities.adds/,
      ],
      "a disk keeper with all devices": [[keeper({ deviceCgroupRules: ["a *:* rwm"] })], /deviceCgroupRules/],
      "a disk keeper with a network": [[keeper({ networkMode: "bridge" })], /without network/],
      "a disk keeper without its system call filter": [
        [keeper({ securityOpts: ["no-new-privileges:true", "seccomp=unconfined"] })],
        /securityOpts holds one/,
      ],
      "a folder of the host": [
        [container({ volumes: [{ hostPath: "/etc", containerPath: "/x" }] })],
        /a folder of the host/,
      ],
      "a bind mount": [
        [container({ mounts: [{ type: "bind", source: "/etc", target: "/x" }] })],
        /a folder of the host/,
      ],
      "a privileged disk keeper": [[keeper({ privileged: true })], /privileged/],
      "a disk keeper with a writable root": [[keeper({ readOnly: false })], /readOnly/],
    },
    boundary: {
      "the first user that is not root": [[container({ user: "1:1" })], "passes"],
      "root, written long": [[container({ user: "00:00" })], /user is root/],
      "a role that only begins like the keeper's": [
        [container({ labels: labels("central-nexus", "disk-2"), user: "0:0" })],
        /user is root/,
      ],
      "the same role in a region": [[role("disk", { user: "0:0" })], /user is root/],
    },
    unknown: {
      "the user": [[container({ user: UNKNOWN })], "policy", /does not know user/],
      "the role": [
        [container({ labels: [{ label: "io.sectorwars.role", value: UNKNOWN }] })],
        "policy",
        /does not know labels.0.value/,
      ],
      capabilities: [[container({ capabilities: { drops: UNKNOWN_LIST } })], "policy", /capabilities.drops/],
    },
  },
  {
    policy: engineSocket,
    compliant: {
      "named volumes": [container()],
      "a bind of something else": bind("/var/lib/sectorwars"),
      "a volume on a data folder": [folder("/var/lib/sectorwars/aurora/db")],
    },
    broken: {
      "a bind of the socket": [bind("/var/run/docker.sock"), /volumes.0.hostPath/],
      "the same by its other name": [bind("/run/docker.sock"), /volumes.0.hostPath/],
      "by a way around": [bind("/var/lib/../run//docker.sock"), /volumes.0.hostPath/],
      "a folder above it": [bind("/var/run/"), /volumes.0.hostPath/],
      "the whole host": [bind("/"), /volumes.0.hostPath/],
      "the engine's files": [bind("/var/lib/docker/volumes"), /volumes.0.hostPath/],
      "a socket elsewhere": [bind("/srv/docker.sock"), /volumes.0.hostPath/],
      "containerd's": [bind("/run/containerd/containerd.sock"), /volumes.0.hostPath/],
      "a mount": [
        [container({ mounts: [{ type: "bind", source: "/run/docker.sock", target: "/x" }] })],
        /mounts.0.source/,
      ],
      "a named volume at the socket's place": [
        [container({ volumes: [{ volumeName: "sock", containerPath: "/var/run/docker.sock" }] })],
        /volumes.0.containerPath/,
      ],
      "another container's volumes": [
        [container({ volumes: [{ fromContainer: "abc" }] })],
        /volumes.0.fromContainer/,
      ],
      "a volume on its folder": [[folder("/var/run")], /driverOpts.device/],
    },
    boundary: {
      "a folder beside it": [bind("/run/dockershim"), "passes"],
      "a folder above the engine's files": [bind("/var/lib"), /volumes.0.hostPath/],
      "a folder beside those": [bind("/var/lib/docker-data"), "passes"],
    },
    unknown: {
      "a bind": [bind(UNKNOWN), "policy", /does not know volumes.0.hostPath/],
      "a volume's folder": [[folder(UNKNOWN)], "advisory", /: driverOpts.device$/],
    },
  },
  {
    policy: pinnedImages,
    compliant: {
      "a tag": image("postgres:15.18-alpine3.24"),
      "a tag and a digest": image(`postgres:15.18@${DIGEST}`),
      "a digest alone": image(`postgres@${DIGEST}`),
      "an image's id": image(DIGEST),
      "a registry with a port": image("registry.example:5000/game:1.0"),
    },
    broken: {
      latest: [image("postgres:latest"), /latest/],
      "no tag": [image("postgres"), /neither tag nor digest/],
      "a port that is no tag": [image("registry.example:5000/game"), /neither tag nor digest/],
      "no image": [[container({ image: undefined })], /neither tag nor digest/],
    },
    boundary: {
      "a tag that begins with latest": [image("postgres:latest-15"), "passes"],
      "a digest that is one short": [image(`postgres@${DIGEST.slice(0, -1)}`), /neither/],
    },
    unknown: { "the image": [image(UNKNOWN), "policy", /does not know image/] },
    configured: {
      "an official one without a digest": [image("redis:7.2"), { digestStacks: ["dev"] }, /images:pin/],
      "the same by its full name": [
        image("docker.io/library/redis:7.2"),
        { digestStacks: ["dev"] },
        /images:pin/,
      ],
      "with a digest": [image(`redis:7.2@${DIGEST}`), { digestStacks: ["dev"] }, "passes"],
      "one made on this machine": [image("nexus-local/redis:0a1b"), { digestStacks: ["dev"] }, "passes"],
      "the operator's own": [image("sectorwars/gameserver:1.0"), { digestStacks: ["dev"] }, "passes"],
    },
  },
  {
    policy: healthChecks,
    compliant: {
      "a command": [container()],
      "a shell line": [container({ healthcheck: { tests: ["CMD-SHELL", "true"] } })],
      "a job, which ends": [container({ mustRun: false, healthcheck: undefined })],
    },
    broken: {
      none: [[container({ healthcheck: undefined })], /healthcheck.tests/],
      "switched off": [[container({ healthcheck: { tests: ["NONE"] } })], /healthcheck.tests/],
      "mustRun left out, which means true": [
        [container({ mustRun: undefined, healthcheck: undefined })],
        /healthcheck.tests/,
      ],
    },
    boundary: {
      "no command after CMD": [[container({ healthcheck: { tests: ["CMD"] } })], /healthcheck.tests/],
      "one word": [[container({ healthcheck: { tests: ["CMD", "check"] } })], "passes"],
    },
    unknown: {
      "the tests": [
        [container({ healthcheck: { tests: UNKNOWN_LIST } })],
        "policy",
        /does not know healthcheck.tests/,
      ],
    },
  },
  {
    policy: stopGrace,
    compliant: { "a database": [container()], "a server": [role("server", { destroyGraceSeconds: 30 })] },
    broken: {
      "left out, which means killed at once": [[container({ destroyGraceSeconds: undefined })], /60 or more/],
      "a cache like a server": [[role("cache", { destroyGraceSeconds: 30 })], /60 or more/],
    },
    boundary: {
      "a second less for a database": [[container({ destroyGraceSeconds: 59 })], /60 or more/],
      "the least for others": [[role("worker", { destroyGraceSeconds: 10 })], "passes"],
      "a second less for others": [[role("worker", { destroyGraceSeconds: 9 })], /10 or more/],
    },
    unknown: {
      "the grace": [
        [container({ destroyGraceSeconds: UNKNOWN })],
        "policy",
        /does not know destroyGraceSeconds/,
      ],
    },
    configured: {
      "another figure": [[container()], { databaseSeconds: 120 }, /120 or more/],
      "another database": [
        [role("queue", { destroyGraceSeconds: 30 })],
        { databases: ["queue"] },
        /60 or more/,
      ],
    },
  },
];
