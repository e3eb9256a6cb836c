import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from "vitest";
import { localRefs } from "../../images/recipes";
import { containersOf, docker, identities } from "../support/containers";
import { Project, succeeded } from "../support/project";
import { LOGIN, Registry } from "../support/registry";
import { SecondEngine } from "../support/secondEngine";
import { type Shared, sharedStack } from "../support/shared";
import { freePorts } from "../support/space";
import { engineSuite } from "../support/suite";
import { REPOSITORY } from "../support/toolchain";

const NAME = "sectorwars/admin-ui";
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

// The image of one page of the shared stack comes from a registry that asks for a login; at the end it is put back.
engineSuite("images of registries", (run) => {
  const missing = Registry.missing(run);
  if (missing) return void it.skip(`all [skipped, missing: ${missing}]`);
  let project: Project;
  let registry: Registry;
  let ref: string;
  let digest: string;
  let before: Record<string, string>;
  let folder: string;

  beforeAll(async () => {
    ({ project } = (await sharedStack(run)) satisfies Shared);
    folder = join(run.root, "images");
    mkdirSync(folder);
    registry = await Registry.start(run, { name: "images-registry", login: true });
    ref = `${registry.address}/${NAME}:1.0.0`;
    digest = await registry.push(docker, localRefs(REPOSITORY)["admin-ui"], `${NAME}:1.0.0`);
    before = identities(await containersOf(project));
  });
  afterEach(() => project.writeSettings());
  afterAll(async () => {
    rmSync(join(project.dir, "images/lock.json"), { force: true });
    project.writeSettings();
    await project.up();
    await docker.getImage(`${registry.address}/${NAME}@${digest}`).remove();
    await registry.stop();
  });

  const overrides = (refs: Record<string, string>, more: Record<string, unknown> = {}) =>
    project.writeSettings({
      "nexus:imageOverrides": Object.fromEntries(
        Object.entries(refs).map(([role, name]) => [role, { ref: name }]),
      ),
      ...more,
    });
  const login = (password: string) => {
    writeFileSync(join(folder, "password"), `${password}\n`);
    const { username } = LOGIN;
    return {
      "nexus:registries": { [registry.address]: { username, passwordFile: join(folder, "password") } },
    };
  };
  /** Docker's own configuration, in a folder of the test's. */
  const dockerConfig = (text: string) => {
    writeFileSync(join(folder, "config.json"), text);
    return { ...project.env, DOCKER_CONFIG: folder, PATH: `${folder}:${project.env.PATH}` };
  };
  const untouched = async () => expect(identities(await containersOf(project))).toEqual(before);

  it("that cannot be had are all named before anything is touched, by `up` and by plain `pulumi up`", async () => {
    const [closed = 0] = await freePorts(1);
    overrides(
      {
        adminUi: ref,
        playerClient: `127.0.0.1:${closed}/sectorwars/player-client:1.0.0`,
        gameServer: "nexus-local/game-server:none",
      },
      login("not the password"),
    );
    const wanted = [
      new RegExp(
        `^ +${ref}: ${registry.address} refuses the login "${LOGIN.username}" \\(nexus:registries`,
        "m",
      ),
      new RegExp(
        `^ +127.0.0.1:${closed}/\\S+: 127.0.0.1:${closed} cannot be reached .*connection refused`,
        "m",
      ),
    ];
    const up = await project.cli(project.upCommand);
    expect(up.code, up.output).toBe(2);
    for (const pattern of [...wanted, /^2 of 2 images could not be fetched/m])
      expect(up.stderr).toMatch(pattern);
    await untouched();

    // The program itself sees to it as well; what only this machine can make is in its list.
    const plain = await project.pulumi(
      "up",
      "--yes",
      "--skip-preview",
      "--non-interactive",
      "--stack",
      project.stack,
    );
    expect(plain.code, plain.output).not.toBe(0);
    for (const pattern of [...wanted, /nexus-local\/game-server:none: .*images:build/]) {
      expect(plain.output).toMatch(pattern);
    }
    expect(plain.output).not.toMatch(/^\s+at /m);
    await untouched();
  });

  it.each<[string, () => RegExp, () => Record<string, string> | undefined]>([
    [
      "no login",
      () => {
        overrides({ adminUi: ref });
        return /asks for a login, .* this machine has no login for it; docker login/;
      },
      () => undefined,
    ],
    [
      "a digest that does not exist",
      () => {
        overrides({ adminUi: `${ref}@${NO_DIGEST}` }, login(LOGIN.password));
        return new RegExp(`${NO_DIGEST}: ${registry.address} has no such image; check name, tag and digest`);
      },
      () => undefined,
    ],
    [
      "a password file that is not there",
      () => {
        overrides({ adminUi: ref }, login("x"));
        rmSync(join(folder, "password"));
        return /nexus:registries\.\S+passwordFile: \S+\/password does not exist on this machine/;
      },
      () => undefined,
    ],
    [
      "a Docker configuration that is broken",
      () => {
        overrides({ adminUi: ref });
        return /config\.json: Docker's configuration is not JSON/;
      },
      () => dockerConfig("{"),
    ],
  ])("are refused with one message for %s", async (_, settings, env) => {
    const message = settings();
    const { code, stderr, output } = await project.cli(project.upCommand, { env: env() ?? project.env });
    expect(code, output).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    await untouched();
  });

  it("are pinned, fetched with the login of a credential helper and run, and no login is in the state", async () => {
    const { username: Username, password: Secret } = LOGIN;
    const helper = join(folder, "docker-credential-test");
    writeFileSync(
      helper,
      `#!/bin/sh\nread server\n[ "$server" = ${registry.address} ] && echo '${JSON.stringify({ Username, Secret })}'\n`,
    );
    chmodSync(helper, 0o755);
    const env = dockerConfig(JSON.stringify({ credHelpers: { [registry.address]: "test" } }));
    overrides({ adminUi: ref });

    const pin = (...args: string[]) =>
      project.cli(["images:pin", "--cwd", project.dir, "--stack", project.stack, ...args], { env });
    expect(await pin("--check")).toMatchObject({ code: 1, stdout: `${ref}: ${digest}\n` });
    expect(succeeded(await pin())).toBe(`${ref}: ${digest}\n`);
    expect(await pin("--check")).toMatchObject({ code: 0, stdout: "" });

    const up = await project.cli(project.upCommand, { env });
    expect(JSON.parse(succeeded(up))).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    expect(up.stderr).toContain(`fetched ${ref}@${digest}`);
    const now = await containersOf(project);
    const touched = Object.entries(identities(now)).filter(([name, identity]) => before[name] !== identity);
    expect(touched.map(([name]) => name)).toEqual(["admin-ui"]);
    expect(now.get("admin-ui")?.info.Config.Image).toBe(`${ref}@${digest}`);

    // It was made with the registry's login nowhere but in the request for the image, and needs the registry no more.
    const { text } = await project.state();
    for (const secret of [Secret, Buffer.from(`${Username}:${Secret}`).toString("base64"), "registryAuth"]) {
      expect(text).not.toContain(secret);
      expect(up.output).not.toContain(secret);
    }
    await registry.stop();
    expect(await project.preview()).toEqual([]);
    await registry.start();
  });

  const noEngine = SecondEngine.missing;
  const skipped = noEngine ? ` [skipped, missing: ${noEngine}]` : "";
  it.skipIf(noEngine)(
    `are refused when the host's disk fills or the registry goes away meanwhile${skipped}`,
    async () => {
      const other = await Project.make(run, "i", docker);
      onTestFinished(() => other.remove(docker));
      const engine = await smallEngine(other);
      const relay = await Relay.start(registry.port);
      onTestFinished(() => relay.stop());
      const far = `${relay.address}/${NAME}:1.0.0@${digest}`;
      const { username } = LOGIN;
      writeFileSync(join(folder, "password"), LOGIN.password);
      other.writeSettings({
        "nexus:dockerHost": engine.address,
        "nexus:imageOverrides": { adminUi: { ref: far } },
        "nexus:registries": { [relay.address]: { username, passwordFile: join(folder, "password") } },
      });
      const refused = async (why: RegExp): Promise<void> => {
        const { code, stderr, output } = await other.cli(["up", "--stack", other.stack, "--yes"]);
        expect(code, output).toBe(2);
        expect(stderr).toMatch(/^1 of 1 images could not be fetched to the Docker host:$/m);
        expect(stderr).toMatch(why);
        expect(stderr).not.toMatch(/^\s+at /m);
        expect(await engine.docker.listContainers({ all: true })).toEqual([]);
        expect(await engine.docker.listImages()).toEqual([]);
      };

      relay.atMiddle = () => registry.stop();
      await refused(new RegExp(`${digest}: ${relay.address} cannot be reached .*, or went away; try again`));
      await registry.start();
      await refused(/: the Docker host's disk is full; .*no space left on device/);
    },
  );

  /** An Engine whose disk is too small for the image, and which tries only once. */
  async function smallEngine({ prefix, env, letter }: Project): Promise<{ docker: Docker; address: string }> {
    const path = join(run.root, letter, "engine");
    mkdirSync(join(path, "data"), { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40m", "small", join(path, "data")]);
    const more = ["--max-download-attempts=1"];
    const engine = new SecondEngine(docker, path, env, `${prefix}engine`, more, "host");
    await engine.start();
    onTestFinished(() => engine.powerOff());
    return { docker: engine.docker, address: `unix://${join(path, "socket")}` };
  }
});

/** Stands between an Engine and a registry, so that something can happen in the middle of a layer. */
class Relay {
  /** Called once, when a connection has brought a megabyte; that connection is cut off after it. */
  atMiddle: (() => Promise<unknown>) | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on("connection", (client) => this.join(client, connect(this.port, "127.0.0.1")));
  }

  static async start(port: number): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server, port);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, registry: Socket): void {
    const cut = (): void => void [client.destroy(), registry.destroy()];
    for (const socket of [client, registry]) {
      this.sockets.add(socket);
      socket.on("error", cut).on("close", () => this.sockets.delete(socket));
    }
    client.pipe(registry);
    registry.pipe(client);
    let bytes = 0;
    registry.on("data", ({ length }: Buffer) => {
      bytes += length;
      if (bytes < 2 ** 20 || !this.atMiddle) return;
      const happens = this.atMiddle;
      this.atMiddle = undefined;
      registry.unpipe(client);
      happens().then(cut, cut);
    });
  }
}
