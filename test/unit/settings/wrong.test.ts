import { describe, expect, it } from "vitest";
import { parseSettings } from "../../support/settings";
import { problems } from "./read";

const PORT = "Choose a port that nothing else on the host uses.";
const IMAGE = "an image with a tag or digest, such as registry.example.org/game/server:1.4.2";
const HEALTH = 'a list that begins with "CMD" or "CMD-SHELL", such as ["CMD", "/bin/check"]';
const PATH_RULE = "an absolute path of letters, digits and . _ - without a slash at its end";
const HOST_RULE = "unix:///path, tcp://host:port or ssh://user@host";
const SIZE_FORM =
  "Write a number, up to three decimals and a unit (MB, GB, TB, MiB, GiB, TiB), such as 4GB or 4.5GiB.";

describe("a wrong setting", () => {
  it.each<[yaml: string, ...messages: string[]]>([
    [
      "nexus:images: remote",
      '2:17: nexus:images: "remote" was given; allowed is one of local, registry. Choose one of them.',
    ],
    [
      "nexus:image: local",
      '2:3: nexus:image: an unknown key was given; allowed is any of images, imageOverrides, worker, registries, namePrefix, dataRoot, dockerHost, dockerCerts, dockerSsh, regionsDir, networks, gateway, publish, profile, players, connections, disk, host, environment, diskLimit, healthIntervalSeconds, restartUnhealthySeconds, admission, prices. Did you mean "nexus:images"?',
    ],
    [
      "images: local",
      '2:3: images: a key without a namespace was given; allowed is nexus:<setting>. Did you mean "nexus:images"?',
    ],
    [
      "nexus:gateway: {adress: 127.0.0.1}",
      '2:19: nexus:gateway.adress: an unknown key was given; allowed is any of address, httpPort, readTimeoutSeconds, trustedProxies. Did you mean "nexus:gateway.address"?',
    ],
    [
      "nexus:gateway: 80",
      "2:18: nexus:gateway: 80 was given; allowed is a map with the keys address, httpPort, readTimeoutSeconds, trustedProxies. Write it as indented `key: value` lines.",
    ],
    [
      "nexus:gateway: {httpPort: 0}",
      `2:29: nexus:gateway.httpPort: 0 was given; allowed is a port from 1 to 65535. ${PORT}`,
    ],
    [
      "nexus:gateway: {httpPort: 65536}",
      `2:29: nexus:gateway.httpPort: 65536 was given; allowed is a port from 1 to 65535. ${PORT}`,
    ],
    [
      'nexus:gateway: {httpPort: "80"}',
      '2:29: nexus:gateway.httpPort: "80" was given; allowed is a port from 1 to 65535. Write the number without quotes.',
    ],
    [
      "nexus:gateway: {address: localhost}",
      '2:28: nexus:gateway.address: "localhost" was given; allowed is an IPv4 address of this host. Write 127.0.0.1 for this machine only, 0.0.0.0 for everybody.',
    ],
    [
      "nexus:publish: {redis: 6379, nexusDb: 6379}",
      "2:41: nexus:publish.nexusDb: 6379, which publish.redis has as well, was given; allowed is a port of its own for each. Choose another port.",
    ],
    [
      "nexus:publish: {adminUi: 80}",
      "2:28: nexus:publish.adminUi: 80, which gateway.httpPort has as well, was given; allowed is a port of its own for each. Choose another port.",
    ],
    [
      "nexus:networks: {regions: 172.22.0.0/15}",
      '2:29: nexus:networks.regions: "172.22.0.0/15" was given; allowed is a /16. Choose a network of that size.',
    ],
    [
      "nexus:networks: {regional: 10.0.0.0/23}",
      '2:30: nexus:networks.regional: "10.0.0.0/23" was given; allowed is a /8 to a /22. Choose a network of that size.',
    ],
    [
      "nexus:networks: {nexus: 172.20.1.0/16}",
      '2:27: nexus:networks.nexus: "172.20.1.0/16" was given; allowed is the network\'s first address. Did you mean 172.20.0.0/16?',
    ],
    [
      "nexus:networks: {nexus: 10.0.0.0/8, regions: 10.9.0.0/16}",
      "2:48: nexus:networks.regions: 10.9.0.0/16, which overlaps 10.0.0.0/8 of networks.nexus, was given; allowed is three ranges that have no address in common. Move one of them.",
    ],
    [
      "nexus:networks: {nexus: 172.22.128.0/24}",
      "2:27: nexus:networks.nexus: 172.22.128.0/24, which overlaps 172.22.0.0/16 of networks.regions (the default), was given; allowed is three ranges that have no address in common. Move one of them.",
    ],
    [
      "nexus:registries: {https://ghcr.io: {username: bot, passwordFile: p}}",
      `2:39: nexus:registries.https://ghcr.io: "https://ghcr.io" was given; allowed is a registry's host as images name it, such as ghcr.io or 10.0.0.5:5000, or docker.io. Write the host without https:// and path.`,
    ],
    [
      "nexus:registries: {ghcr.io: {username: bot, password: x}}",
      "2:22: nexus:registries.ghcr.io.passwordFile: nothing was given; allowed is a file on the machine that deploys, relative to the project or absolute. Write the path of a file that holds the password alone; settings are not secret.",
      '2:47: nexus:registries.ghcr.io.password: an unknown key was given; allowed is any of username, passwordFile. Did you mean "nexus:registries.ghcr.io.passwordFile"?',
    ],
    [
      "nexus:registries: bot",
      '2:21: nexus:registries: "bot" was given; allowed is a map. Write it as indented `key: value` lines.',
    ],
    [
      "nexus:dataRoot: data",
      `2:19: nexus:dataRoot: "data" was given; allowed is ${PATH_RULE}. Begin with a slash: the path is one of the Docker host.`,
    ],
    [
      "nexus:dataRoot: /",
      '2:19: nexus:dataRoot: "/" was given; allowed is a folder below /. Write a folder such as /var/lib/sectorwars.',
    ],
    [
      "nexus:dataRoot: /data/",
      `2:19: nexus:dataRoot: "/data/" was given; allowed is ${PATH_RULE}. Choose a plain path of at most 200 characters.`,
    ],
    [
      "nexus:dataRoot: /data,rw",
      `2:19: nexus:dataRoot: "/data,rw" was given; allowed is ${PATH_RULE}. Choose a plain path of at most 200 characters.`,
    ],
    [
      "nexus:dataRoot: /srv/../etc",
      `2:19: nexus:dataRoot: "/srv/../etc" was given; allowed is ${PATH_RULE} and without . or .. as a part. Write the path in full.`,
    ],
    [
      "nexus:dataRoot: /usr",
      '2:19: nexus:dataRoot: "/usr" was given; allowed is a folder of the platform\'s own. Write a folder such as /var/lib/sectorwars.',
    ],
    [
      "nexus:dataRoot: /proc/1",
      '2:19: nexus:dataRoot: "/proc/1" was given; allowed is a folder of the platform\'s own. Write a folder such as /var/lib/sectorwars.',
    ],
    [
      "nexus:dockerHost: localhost",
      `2:21: nexus:dockerHost: "localhost" was given; allowed is ${HOST_RULE}. Leave it out to use the usual socket.`,
    ],
    [
      "nexus:dockerHost: unix:///x.sock\nnexus:dockerCerts: certs",
      '3:22: nexus:dockerCerts: certificates with nexus:dockerHost "unix:///x.sock" was given; allowed is an address that begins with tcp://. Change the address, or leave this out.',
    ],
    [
      "nexus:dockerSsh: {keyFile: -oProxyCommand=x}",
      '2:30: nexus:dockerSsh.keyFile: "-oProxyCommand=x" was given; allowed is a path of letters, digits and . _ - @ + ~ /, relative to the project or absolute. Write the file with the private key.',
    ],
    [
      "nexus:dockerHost: ssh://me:hunter2@host",
      `2:21: nexus:dockerHost: "ssh://me:***@host" was given; allowed is ${HOST_RULE}, without a password. Use an SSH key; settings are not secret.`,
    ],
    [
      "nexus:namePrefix: -a",
      '2:21: nexus:namePrefix: "-a" was given; allowed is up to 16 lower-case letters, digits and hyphens, not beginning with a hyphen. Choose a short prefix such as staging-.',
    ],
    [
      "nexus:imageOverrides: {redis: {}}",
      `2:26: nexus:imageOverrides.redis.ref: nothing was given; allowed is ${IMAGE}. Write the image's name.`,
    ],
    [
      "nexus:imageOverrides: {redis: {ref: r:80/redis}}",
      `2:39: nexus:imageOverrides.redis.ref: "r:80/redis" was given; allowed is ${IMAGE}. Add the tag, as in "r:80/redis:1.0.0".`,
    ],
    [
      "nexus:imageOverrides: {redis: {ref: 'redis:'}}",
      `2:39: nexus:imageOverrides.redis.ref: "redis:" was given; allowed is ${IMAGE}. Check the tag and the digest.`,
    ],
    [
      "nexus:imageOverrides: {redis: {ref: 'a:1', user: redis}}",
      '2:52: nexus:imageOverrides.redis.user: "redis" was given; allowed is a numeric uid:gid. Write the ids that the image runs as, such as 1000:1000.',
    ],
    [
      "nexus:imageOverrides: {redis: {ref: 'a:1', health: [NONE]}}",
      `2:54: nexus:imageOverrides.redis.health: a list that begins with "NONE" was given; allowed is ${HEALTH}. Others wait for this check: it must run a command.`,
    ],
    [
      "nexus:imageOverrides: {redis: {ref: 'a:1', startCpuSeconds: 1}}",
      '2:46: nexus:imageOverrides.redis.startCpuSeconds: an unknown key was given; allowed is any of ref, user, health. Did you mean "nexus:imageOverrides.gameServer.startCpuSeconds"?',
    ],
    [
      "nexus:imageOverrides: {worker: {startCpuSeconds: 0}}",
      "2:52: nexus:imageOverrides.worker.startCpuSeconds: 0 was given; allowed is a whole number of CPU-seconds from 1 to 600. Write how much CPU time it takes from its start until it is ready.",
    ],
    [
      "nexus:imageOverrides: {worker: {healthCpuSeconds: 0.3s}}",
      '2:53: nexus:imageOverrides.worker.healthCpuSeconds: "0.3s" was given; allowed is an amount of CPU-seconds from 0.01 to 5, in steps of 0.01. Write it without quotes or a unit.',
    ],
    [
      "nexus:worker: never",
      '2:17: nexus:worker: "never" was given; allowed is one of run, none. Choose one of them.',
    ],
    [
      "nexus:imageOverrides: {worker: {command: sh}}",
      '2:44: nexus:imageOverrides.worker.command: "sh" was given; allowed is a list of texts, such as ["python", "-m", "worker"]. Write the command as a list.',
    ],
    [
      "nexus:imageOverrides: {worker: {command: [1]}}",
      '2:44: nexus:imageOverrides.worker.command: a list with other values than texts of up to 4096 characters was given; allowed is a list of texts, such as ["python", "-m", "worker"]. Put every part in quotes.',
    ],
    [
      "nexus:imageOverrides: {redis: {ref: 'a:1', health: [CMD, 1]}}",
      `2:54: nexus:imageOverrides.redis.health: a list with other values than texts of up to 4096 characters was given; allowed is ${HEALTH}. Put every part in quotes.`,
    ],
    [
      "nexus:host: {cpu: 4}",
      `2:3: nexus:host.disk: nothing was given; allowed is a size from 10GB to 1000000GB. ${SIZE_FORM}`,
      `2:3: nexus:host.memory: nothing was given; allowed is a size from 1GB to 16000GB. ${SIZE_FORM}`,
    ],
    [
      "nexus:admission: {cpuOvercommit: 0.5, times: 2}",
      "2:36: nexus:admission.cpuOvercommit: 0.5 was given; allowed is a factor from 1 to 100, in steps of 0.01. 1 promises no CPU twice; there is no such factor for memory and disk.",
      "2:41: nexus:admission.times: an unknown key was given; allowed is any of cpuOvercommit, reserve. Remove it, or write one of these.",
    ],
    [
      "nexus:admission: {cpuOvercommit: '2', reserve: {memory: -1GB}}",
      '2:36: nexus:admission.cpuOvercommit: "2" was given; allowed is a factor from 1 to 100, in steps of 0.01. Write it without quotes or a unit.',
      `2:59: nexus:admission.reserve.memory: "-1GB" was given; allowed is a size from 0GB to 16000GB. ${SIZE_FORM}`,
    ],
    [
      "nexus:prices: {base: .nan, cpu: 0.005, subscription: -25, currency: $}",
      "2:24: nexus:prices.base: NaN was given; allowed is an amount from 0 to 1000000, in steps of 0.01. Write what the host costs a month.",
      "2:35: nexus:prices.cpu: 0.005 was given; allowed is an amount from 0 to 1000000, in steps of 0.01. Write at most two decimals.",
      "2:56: nexus:prices.subscription: -25 was given; allowed is an amount from 0 to 1000000, in steps of 0.01. Write what a region's owner pays a month.",
      '2:71: nexus:prices.currency: "$" was given; allowed is a currency of three capital letters. Write its code, such as USD.',
    ],
    [
      "nexus:players: 5",
      "2:18: nexus:players: 5 was given; allowed is a whole number of players from 10 to 1000. Write how many players are in the Central Nexus at once.",
    ],
    [
      "nexus:profile: laptop\nnexus:players: 101",
      "3:18: nexus:players: 101 was given; allowed is at most 100, whose processes and connections fit into the profile laptop. Write fewer players, or choose the larger profile.",
    ],
    [
      "nexus:profile: laptop\nnexus:connections: {max: 225}",
      "3:28: nexus:connections.max: 225 was given; allowed is at most 224, which the database of the profile laptop holds. Write fewer, or choose the larger profile.",
    ],
    [
      "nexus:profile: laptop\nnexus:connections: {max: 30, pool: 4}",
      "3:38: nexus:connections.pool: 4 was given; allowed is at most 3 with a max of 30: 6 engines of the game server keep that many each, and 10 are kept for health checks and the superuser. Write fewer, or a larger max.",
    ],
    [
      "nexus:gateway: {trustedProxies: [0.0.0.0/0, proxy.example.org, 10.0.0.1/24]}",
      '2:36: nexus:gateway.trustedProxies.0: "0.0.0.0/0" was given; allowed is an IPv4 address, or the first address of a network with its prefix length from 1 to 32. Write the addresses that your proxies connect from, such as 10.0.0.5 or 10.0.0.0/24.',
      '2:47: nexus:gateway.trustedProxies.1: "proxy.example.org" was given; allowed is an IPv4 address, or the first address of a network with its prefix length from 1 to 32. Write the addresses that your proxies connect from, such as 10.0.0.5 or 10.0.0.0/24.',
      '2:66: nexus:gateway.trustedProxies.2: "10.0.0.1/24" was given; allowed is an IPv4 address, or the first address of a network with its prefix length from 1 to 32. Write the addresses that your proxies connect from, such as 10.0.0.5 or 10.0.0.0/24.',
    ],
    [
      "nexus:healthIntervalSeconds: 0",
      "2:32: nexus:healthIntervalSeconds: 0 was given; allowed is a whole number of seconds from 1 to 60. 30 is usual.",
    ],
    [
      "nexus:regionsDir: ''",
      '2:21: nexus:regionsDir: "" was given; allowed is a folder, relative to the project or absolute. Write the folder that holds one file a region.',
    ],
  ])("%s", (yaml, ...messages) => {
    expect(problems(yaml)).toEqual(messages.map((message) => `Pulumi.test.yaml:${message}`));
  });

  it("never shows an encrypted value", () => {
    const secret = "{secure: AAABsecretAAAB}";
    const all = problems(
      [
        `nexus:images: ${secret}`,
        `nexus:publish: ${secret}`,
        `nexus:networks: {nexus: ${secret}}`,
        `nexus:imageOverrides: {redis: {ref: ${secret}, health: [${secret}]}}`,
        `nexus:unknown: ${secret}`,
      ].join("\n"),
    );
    expect(all).toHaveLength(6);
    expect(all.join("\n")).not.toContain("secretAAAB");
    expect(all[0]).toContain("nexus:images: an encrypted value was given;");
  });

  it("is reported together with all others, also between settings", () => {
    const yaml =
      "nexus:images: x\nnexus:publish: {redis: 1, nexusDb: 1, adminUi: x}\nnexus:networks: {nexus: 172.22.0.0/16, regional: x}";
    expect(problems(yaml).map((line) => line.split(" ")[1])).toEqual([
      "nexus:images:",
      "nexus:publish.nexusDb:",
      "nexus:publish.adminUi:",
      "nexus:networks.nexus:",
      "nexus:networks.regional:",
    ]);
  });

  it("is reported without a line when there is no file", () => {
    expect(() => parseSettings("dev", { "nexus:profile": "big" })).toThrow(
      'Pulumi.dev.yaml: nexus:profile: "big" was given; allowed is one of laptop, specification.',
    );
  });
});
