import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { docker, objectsOf } from "../support/containers";
import { Project, regionFile } from "../support/project";
import { freeRanges } from "../support/space";
import { engineSuite } from "../support/suite";

const NOBODY = 65_534;

engineSuite("a host that cannot be used", (run) => {
  let project: Project;
  /** Takes away what a test put in the way. */
  const cleanups: (() => Promise<unknown> | unknown)[] = [];

  beforeAll(async () => {
    project = await Project.make(run, "h", docker);
    project.addRegion(regionFile("alpha", 1));
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
    project.writeSettings();
  });
  afterAll(() => project?.remove(docker));

  /** `up` must end with 2 and these problems, one a line after the heading, and must have changed nothing. */
  async function expectRefused(
    patterns: RegExp[],
    environment: Record<string, string> = {},
    uid?: number,
  ): Promise<void> {
    const before = await objectsOf(project);
    const outcome = await project.cli(["up", "--stack", project.stack, "--yes"], {
      env: { ...project.env, ...environment },
      uid,
    });
    expect(outcome.code, outcome.output).toBe(2);
    for (const pattern of patterns) expect(outcome.stderr).toMatch(pattern);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect(await objectsOf(project)).toEqual(before);
    const states = join(project.dir, ".nexus/state/.pulumi/stacks");
    expect(existsSync(states) ? readdirSync(states) : []).toEqual([]);
  }

  const settingsFile = (): string => `Pulumi.${project.stack}.yaml`;

  it("ports in use are all named, with their settings", async () => {
    const { httpPort } = project.settings["nexus:gateway"];
    const { redis } = project.settings["nexus:publish"];
    const servers = await Promise.all([listen(httpPort), listen(redis)]);
    cleanups.push(() => Promise.all(servers.map(close)));
    await expectRefused([
      new RegExp(
        `^${settingsFile()}: nexus:gateway.httpPort: port ${httpPort} .*in use.*Choose another port`,
        "m",
      ),
      new RegExp(`^${settingsFile()}: nexus:publish.redis: port ${redis} .*in use.*Choose another port`, "m"),
    ]);
  });

  it("a port that another container publishes names that container", async () => {
    const { httpPort } = project.settings["nexus:gateway"];
    const { regions } = await freeRanges(docker);
    const network = await docker.createNetwork({
      Name: `${project.prefix}other`,
      IPAM: { Config: [{ Subnet: regions.replace("/16", "/24") }] },
    });
    const container = await docker.createContainer({
      name: `${project.prefix}other`,
      Image: await anyImage(),
      Entrypoint: ["sleep", "60"],
      ExposedPorts: { "80/tcp": {} },
      HostConfig: {
        NetworkMode: network.id,
        PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(httpPort) }] },
      },
    });
    cleanups.push(() => container.remove({ force: true }).then(() => network.remove()));
    await container.start();
    await expectRefused([new RegExp(`port ${httpPort} .*published by container "${project.prefix}other"`)]);
  });

  it("a range that another Docker network uses names that network", async () => {
    const subnet = project.settings["nexus:networks"].regions.replace(".0.0/16", ".1.0/24");
    const network = await docker.createNetwork({
      Name: `${project.prefix}other`,
      IPAM: { Config: [{ Subnet: subnet }] },
    });
    cleanups.push(() => network.remove());
    await expectRefused([
      new RegExp(`^${settingsFile()}: nexus:networks.regions: .*${subnet}.*"${project.prefix}other"`, "m"),
    ]);
  });

  it("a range that the host itself uses names the interface", async () => {
    const cidr = project.settings["nexus:networks"].regions.replace(".0.0/16", ".7.0/24");
    await hostRoute("add", cidr);
    cleanups.push(() => hostRoute("del", cidr));
    // One network of ours lies in it; the ranges of regions that do not exist are nobody's yet.
    project.addRegion(regionFile("seven", 7));
    cleanups.push(() => project.removeRegion("seven"));
    await expectRefused([
      new RegExp(
        `^${settingsFile()}: nexus:networks.regions: ${cidr} .*which this host reaches through lo`,
        "m",
      ),
    ]);
  });

  it("a container of somebody else with a name of ours is not touched", async () => {
    const name = `${project.prefix}region-alpha-db`;
    const container = await docker.createContainer({ name, Image: await anyImage(), Cmd: ["true"] });
    cleanups.push(() => container.remove({ force: true }));
    await expectRefused([
      new RegExp(`^${settingsFile()}: nexus:namePrefix: .*${name}.*not made by this program`, "m"),
    ]);
    expect((await container.inspect()).Id).toBe(container.id);
  });

  it("missing images are named, with the command that makes them", async () => {
    // Another content is another image, which nobody has made.
    const file = join(project.dir, "images/recipes/web/made-by-a-test");
    writeFileSync(file, "x");
    cleanups.push(() => rmSync(file));
    await expectRefused([
      /nexus:images: .*nexus-local\/(admin-ui|player-client):[0-9a-f]+.*npm run images:build/,
    ]);
  });

  it("Docker that does not run: says so, and how to start it", async () => {
    const socket = join(run.root, "h", "nothing.sock");
    await expectRefused([/Docker is not running: nothing answers at unix:\/\/.*nothing\.sock.*Start it/], {
      DOCKER_HOST: `unix://${socket}`,
    });
  });

  it("something else than Docker at the address: says that it cannot be used", async () => {
    const socket = join(run.root, "h", "other.sock");
    const server = createServer((client) => {
      client.resume();
      client.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
    await listenAt(server, socket);
    cleanups.push(() => close(server));
    await expectRefused([/Docker at unix:\/\/.*other\.sock cannot be used/], {
      DOCKER_HOST: `unix://${socket}`,
    });
  });

  it("no permission for Docker or a file: says who may, as another user", async () => {
    // Root may do everything, so that only another user can be refused.
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    const socket = join(run.root, "h", "closed.sock");
    const server = createServer((client) => client.destroy());
    await listenAt(server, socket);
    chmodSync(socket, 0o600);
    cleanups.push(() => close(server));
    if (uid === undefined) chmodSync(socket, 0);
    else give(join(run.root, "h"), uid, socket);
    const home = join(run.root, "h", "home");
    mkdirSync(home);
    if (uid !== undefined) chownSync(home, uid, uid);
    const environment = {
      ...{ DOCKER_HOST: `unix://${socket}`, TMPDIR: home, HOME: home, PULUMI_HOME: home },
      PATH: join(run.root, "h", "bin"),
    };
    const pulumi = join(environment.PATH, "pulumi");
    mkdirSync(environment.PATH);
    writeFileSync(pulumi, "", { mode: 0 });
    await expectRefused([/`pulumi` on the PATH may not be run by this user/], environment, uid);
    copyFileSync(ourPulumi(), pulumi);
    chmodSync(pulumi, 0o755);
    await expectRefused(
      [/Docker at unix:\/\/.*closed\.sock refuses permission.*group "docker"/],
      environment,
      uid,
    );

    const file = join(project.regionsDir, "unreadable.yaml");
    writeFileSync(file, "name: unreadable\nslot: 9\nowner: x\n", { mode: 0 });
    await expectRefused(
      [new RegExp(`^regions/${project.stack}/unreadable\\.yaml: may not be read by this user.*chmod`, "m")],
      environment,
      uid,
    );
  });

  /** The program that the other tests run; it may be where only root gets to. */
  function ourPulumi(): string {
    const files = (project.env.PATH ?? "").split(":").map((folder) => join(folder, "pulumi"));
    const found = files.find((file) => existsSync(file));
    if (found === undefined) throw new Error("There is no pulumi on the PATH.");
    return found;
  }

  /** Gives a folder to a user, but for one file. */
  function give(path: string, uid: number, but: string): void {
    if (path === but) return;
    const status = lstatSync(path);
    if (status.isSymbolicLink()) return;
    chownSync(path, uid, uid);
    if (status.isDirectory()) for (const name of readdirSync(path)) give(join(path, name), uid, but);
  }

  async function anyImage(name = "postgres"): Promise<string> {
    const [image] = await docker.listImages({ filters: { reference: [`nexus-local/${name}`] } });
    if (!image) throw new Error("There is no local image.");
    return image.Id;
  }

  /** Adds or removes a route of the host, through a container that shares its network: that needs no root. */
  async function hostRoute(action: "add" | "del", cidr: string): Promise<void> {
    const container = await docker.createContainer({
      name: `${project.prefix}route`,
      Image: await anyImage("nginx"),
      Entrypoint: ["ip", "route", action, cidr, "dev", "lo"],
      Cmd: [],
      User: "0:0",
      HostConfig: { NetworkMode: "host", CapDrop: ["ALL"], CapAdd: ["NET_ADMIN"] },
    });
    try {
      await container.start();
      const { StatusCode } = (await container.wait()) as { StatusCode: number };
      if (StatusCode !== 0) throw new Error(`ip route ${action} ${cidr} ended with ${StatusCode}`);
    } finally {
      await container.remove({ force: true });
    }
  }
});

function listen(port: number): Promise<Server> {
  const server = createServer();
  return listenAt(server, { port, host: "127.0.0.1" }).then(() => server);
}

function listenAt(server: Server, place: string | { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(place, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
