import { engineSocket } from "../../../policies/engineSocket";
import { hardening } from "../../../policies/hardening";
import { judgedTypes } from "../../../policies/judgedTypes";
import { CONTAINER, NETWORK, VOLUME } from "../../../policies/kit/resources";
import { knownArguments } from "../../../policies/knownArguments";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, UNKNOWN, UNKNOWN_LIST } from "./harness";

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
const role = (name: string, changes: Props = {}) =>
  container({ labels: labels("aurora", name), ...changes }, `region-aurora-${name}`);
const bind = (hostPath: string) => [container({ volumes: [{ hostPath, containerPath: "/x" }] })];
/** A container that would talk to the engine. */
const client = ({
  role = "executor",
  region = "central-nexus",
  source = "/run/docker.sock",
  target = "/run/docker.sock",
} = {}) => [container({ labels: labels(region, role), mounts: [{ type: "bind", source, target }] })];
const CLIENTS = { clients: ["executor"] };

/** What a container may be given of its host. */
export const hardened: PolicyCases[] = [
  {
    policy: knownArguments,
    compliant: {
      "a container, a network and a volume": [
        container(),
        { type: NETWORK, name: "n", props: { name: "n", driver: "bridge", ipamDriver: "default" } },
        { type: VOLUME, name: "v", props: { name: "v-config", driver: "local" } },
      ],
      "what the provider fills in": [
        container({ start: true, removeVolumes: true, containerReadRefreshTimeoutMilliseconds: 15_000 }),
      ],
      "defaults that somebody wrote down": [
        container({ privileged: false, uploads: [], cpus: "", memoryReservation: 0, logOpts: null }),
      ],
      "the SDK's own note": [container({ __defaults: ["start"] })],
    },
    broken: {
      "a file that is written into it": [[container({ uploads: [{ file: "/x", content: "y" }] })], /uploads/],
      "a group of the host": [[container({ groupAdds: ["docker"] })], /groupAdds/],
      "a runtime": [[container({ runtime: "other" })], /runtime/],
      "a map": [[container({ sysctls: { a: "1" } })], /sysctls/],
      "a command, which only the entry point may give": [[container({ command: ["sh"] })], /command/],
      "a container that is not started": [[container({ start: false })], /start/],
      "options of a network": [
        [{ type: NETWORK, name: "n", props: { options: { "com.docker.network.bridge.name": "eth0" } } }],
        /options/,
      ],
      "another driver of addresses": [
        [{ type: NETWORK, name: "n", props: { ipamDriver: "x" } }],
        /ipamDriver/,
      ],
      "labels of a volume": [[{ type: VOLUME, name: "v", props: { labels: [{}] } }], /labels/],
    },
    boundary: {
      "an empty list": [[container({ dns: [] })], "passes"],
      "a list of one": [[container({ dns: ["10.0.0.1"] })], /dns/],
      false: [[container({ tty: false })], "passes"],
      true: [[container({ tty: true })], /tty/],
    },
    unknown: { "a runtime": [[container({ runtime: UNKNOWN })], "policy", /does not know runtime/] },
  },
  {
    policy: judgedTypes,
    compliant: {
      "a container": [container()],
      "another provider's": [{ type: "random:index/randomPassword:RandomPassword", name: "r", props: {} }],
    },
    broken: {
      "a Swarm service": [[{ type: "docker:index/service:Service", name: "s", props: {} }], /Service/],
    },
    boundary: {
      "the provider itself": [[{ type: "pulumi:providers:docker", name: "docker", props: {} }], "passes"],
    },
    unknown: {
      "a type is never unknown; props are not read": [
        [{ type: "docker:index/plugin:Plugin", name: "p", props: { name: UNKNOWN } }],
        "policy",
        /no policy judges/,
      ],
    },
    configured: { "fewer types": [[container()], { types: [VOLUME] }, new RegExp(CONTAINER)] },
  },
  {
    policy: hardening,
    compliant: {
      "an ordinary container": [container()],
      "the disk keeper with all that it may have": [keeper()],
      "what is forbidden, given as nothing": [
        container({ privileged: false, devices: [], sysctls: {}, ipcMode: "", pidMode: undefined }),
      ],
      "no-new-privileges in its other spelling": [container({ securityOpts: ["no-new-privileges"] })],
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
      "new privileges, forbidden and then allowed": [
        [container({ securityOpts: ["no-new-privileges:true", "no-new-privileges:false"] })],
        /securityOpts holds one/,
      ],
      "new privileges allowed in another spelling": [
        [container({ securityOpts: ["no-new-privileges:true", "no-new-privileges=0"] })],
        /securityOpts holds one/,
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
      "a group of the host": [[container({ groupAdds: ["docker"] })], /groupAdds/],
      "the host's graphics card": [[container({ gpus: "all" })], /gpus/],
      "a device by request": [[container({ deviceRequests: [{ driver: "cdi" }] })], /deviceRequests/],
      "the host's control groups": [[container({ cgroupnsMode: "host" })], /cgroupnsMode/],
      "a control group beside the limits": [[container({ cgroupParent: "/" })], /cgroupParent/],
      "another runtime": [[container({ runtime: "runc-unsafe" })], /runtime/],
      "a setting of the kernel": [[container({ sysctls: { "net.ipv4.ip_forward": "1" } })], /sysctls/],
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
        /volumes binds a folder of the host/,
      ],
      "a folder of the host in the place of a name": [
        [container({ volumes: [{ volumeName: "/etc", containerPath: "/x" }] })],
        /volumes binds a folder of the host/,
      ],
      "a bind mount": [
        [container({ mounts: [{ type: "bind", source: "/etc", target: "/x" }] })],
        /mounts holds one/,
      ],
      "a volume that its options bind to a folder": [
        [keeper({ mounts: [{ type: "volume", volumeOptions: { driverOptions: { device: "/" } } }] })],
        /mounts holds one/,
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
    },
    broken: {
      "the socket for a role that nobody named": [client({ target: "/x" }), /mounts.0.source/],
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
      "the socket in the place of a name": [
        [container({ volumes: [{ volumeName: "/var/run/docker.sock", containerPath: "/run/x" }] })],
        /volumes.0.volumeName/,
      ],
      "another container's volumes": [
        [container({ volumes: [{ fromContainer: "abc" }] })],
        /volumes.0.fromContainer/,
      ],
    },
    boundary: {
      "a folder beside it": [bind("/run/dockershim"), "passes"],
      "a folder above the engine's files": [bind("/var/lib"), /volumes.0.hostPath/],
      "a folder beside those": [bind("/var/lib/docker-data"), "passes"],
    },
    unknown: {
      "a bind": [bind(UNKNOWN), "policy", /does not know volumes.0.hostPath/],
    },
    configured: {
      "the socket for a named role": [client(), CLIENTS, "passes"],
      "the same under its other name": [client({ source: "/var/run/docker.sock" }), CLIENTS, "passes"],
      "the socket for another role": [client({ role: "server" }), CLIENTS, /mounts.0/],
      "the socket for that role in a region": [client({ region: "aurora" }), CLIENTS, /mounts.0/],
      "the socket in another place": [client({ target: "/x" }), CLIENTS, /mounts.0.source/],
      "the folder that it is in": [client({ source: "/run", target: "/run" }), CLIENTS, /mounts.0.source/],
      "the engine's files": [client({ source: "/var/lib/docker" }), CLIENTS, /mounts.0.source/],
    },
  },
];
