import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "node:tls";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { execIn } from "../../components/exec";
import { localRefs } from "../../images/recipes";
import { DOCKER_CONTAINER, resourcesOf } from "../../operations/deploy/pulumi/deployment";
import { tryProvider } from "../../operations/deploy/pulumi/tryProvider";
import { connect, isLocalEngine } from "../../operations/docker/client";
import { makeCertificates, tlsInFront } from "../support/certificates";
import { containersOf, docker, identities, objectsOf } from "../support/containers";
import { Project, succeeded } from "../support/project";
import { SecondEngine } from "../support/secondEngine";
import { freePorts } from "../support/space";
import { SshAgent, SshServer } from "../support/sshServer";
import { engineSuite } from "../support/suite";
import { REPOSITORY } from "../support/toolchain";
import { eventually } from "../support/wait";

const missing = SshServer.missing ?? SecondEngine.missing;

engineSuite(`a Docker host on another machine${missing ? ` [skipped, missing: ${missing}]` : ""}`, (run) => {
  describe.skipIf(missing)("", () => {
    let project: Project;
    let ssh: SshServer;
    let agent: SshAgent;
    let tls: SecondEngine;
    let front: Server;
    let certs: (name: string) => string;
    let ports: { tls: number; front: number; nobody: number; plain: number };

    beforeAll(async () => {
      project = await Project.make(run, "r", docker);
      const folder = join(run.root, "r");
      const [sshPort = 0, tlsPort = 0, frontPort = 0, nobody = 0, plain = 0] = await freePorts(5);
      ports = { tls: tlsPort, front: frontPort, nobody, plain };
      ssh = new SshServer(join(folder, "ssh"), sshPort, project.env);
      agent = new SshAgent(join(folder, "agent"), project.env);
      certs = makeCertificates(join(folder, "tls")).path;
      tls = new SecondEngine(
        docker,
        join(folder, "engine"),
        project.env,
        `${project.prefix}tls`,
        [
          ...["--host", `tcp://127.0.0.1:${tlsPort}`, "--tlsverify", "--tlscacert", certs("server/ca.pem")],
          ...["--tlscert", certs("server/cert.pem"), "--tlskey", certs("server/key.pem")],
        ],
        "host",
      );
      front = await tlsInFront("/var/run/docker.sock", certs("server"), frontPort);
      await Promise.all([ssh.start(), tls.start(), agent.add(ssh.path("user"))]);
    });
    afterAll(async () => {
      await ssh?.stop();
      agent?.stop();
      front?.close();
      await tls?.powerOff();
      await project?.remove(docker);
    });

    const bySsh = (): { address: string; knownHosts: string; keyFile: string } => ({
      address: ssh.address,
      knownHosts: ssh.path("known"),
      keyFile: ssh.path("user"),
    });
    const byTls = (name: string) => ({ address: `tcp://127.0.0.1:${ports.tls}`, certs: certs(name) });

    it("ssh carries commands, archives and attached streams, many at once", async () => {
      await useContainer(await connect(bySsh()));
    });

    it("Pulumi's provider is tried on its own way, and says what is wrong with it", async () => {
      // Where its program is, however this test was started.
      vi.stubEnv("PULUMI_HOME", project.env.PULUMI_HOME);
      onTestFinished(() => void vi.unstubAllEnvs());
      await tryProvider(bySsh(), project.dir);
      await tryProvider(byTls("good"), project.dir);
      // It finds the folder of the variable by itself, so that no path of this machine is in the state.
      vi.stubEnv("DOCKER_CERT_PATH", certs("good"));
      await tryProvider(`tcp://127.0.0.1:${ports.tls}`, project.dir);
      vi.stubEnv("DOCKER_CERT_PATH", certs("wrong-ca"));
      await expect(tryProvider(`tcp://127.0.0.1:${ports.tls}`, project.dir)).rejects.toThrow(
        /certificate signed by unknown authority/,
      );
      vi.stubEnv("DOCKER_CERT_PATH", undefined);
      await expect(
        tryProvider({ ...bySsh(), knownHosts: ssh.path("known-none") }, project.dir),
      ).rejects.toThrow(/provider cannot use Docker at ssh:\/\/.*Host key verification failed/s);
      await expect(tryProvider(byTls("wrong-ca"), project.dir)).rejects.toThrow(
        /provider cannot use Docker at tcp:\/\/.*certificate signed by unknown authority/s,
      );
    });

    /** The environment of a run whose host cannot be used, and what must be said of it. */
    const cases: [string, () => Record<string, string>, RegExp][] = [
      [
        "an unknown host key",
        () => sshEnv("known-none"),
        /key of the host at ssh:\S+ is not known.*ssh-keyscan -p \d+ 127\.0\.0\.1 \| ssh-keygen -lf -/,
      ],
      [
        "a changed host key",
        () => sshEnv("known-other"),
        /shows another key than the one that is known \(\S+known-other:1\).*ssh-keygen -lf -/,
      ],
      [
        "an agent without a key",
        () => ({ ...sshEnv("known"), SSH_AUTH_SOCK: "/nowhere" }),
        /accepts no key that ssh has.*ssh-add/,
      ],
      [
        "a key that the host does not accept",
        () => sshEnv("known", "-i", ssh.path("stranger"), "-o", "IdentitiesOnly=yes"),
        /accepts no key that ssh has/,
      ],
      [
        "no ssh server",
        () => ({ ...sshEnv("known"), DOCKER_HOST: `ssh://127.0.0.1:${ports.nobody}` }),
        /cannot be reached: .*Connection refused/,
      ],
      [
        "an expired client certificate",
        () => tlsEnv("expired"),
        /expired\/cert\.pem: the client certificate expired on \d{4}-/,
      ],
      [
        "another authority than the host's",
        () => tlsEnv("wrong-ca"),
        /was not issued by the authority in ca\.pem/,
      ],
      ["a client of another authority", () => tlsEnv("stranger"), /does not accept the client certificate/],
      ["no certificates", () => ({ DOCKER_HOST: `tcp://127.0.0.1:${ports.tls}` }), /wants TLS/],
    ];
    const sshEnv = (known: string, ...more: string[]) => ({
      DOCKER_HOST: ssh.address,
      SSH_AUTH_SOCK: agent.socket,
      DOCKER_SSH_OPTS: ["-o", `UserKnownHostsFile=${ssh.path(known)}`, ...more].join(" "),
    });
    const tlsEnv = (name: string) => ({
      DOCKER_HOST: `tcp://127.0.0.1:${ports.tls}`,
      DOCKER_CERT_PATH: certs(name),
      DOCKER_TLS_VERIFY: "1",
    });

    // Side by side: each is mostly the start of a program.
    describe.concurrent("is refused before anything changes", () => {
      it.each(cases)("%s", async (_, env, message) => {
        const before = await objectsOf(project);
        const options = { env: { ...project.env, ...env() } };
        const { code, stderr } = await project.cli(["up", "--stack", project.stack, "--yes"], options);
        expect(code, stderr).toBe(2);
        expect(stderr).toMatch(message);
        expect(stderr).not.toMatch(/^\s+at /m);
        expect(stderr.trim().split("\n")).toHaveLength(1);
        expect(await objectsOf(project)).toEqual(before);
      });

      it.each([
        ["cannot be reached", "expired", /the client certificate expired/],
        [
          "has nothing to look with",
          "good",
          /cannot be judged: it has neither the container \S+disk-keeper nor the image nexus-local\/nginx/,
        ],
      ])("verify says in one sentence that a host %s", async (_, certificates, message) => {
        const options = { env: { ...project.env, ...tlsEnv(certificates) } };
        const { code, output } = await project.cli(["verify", "--stack", project.stack], options);
        expect(code, output).toBe(2);
        expect(output).toMatch(message);
        expect(output.trim().split("\n")).toHaveLength(1);
        expect(await tls.docker.listImages()).toEqual([]);
      });
    });

    it("what is healthy after a connection broke in the middle of an `up` stays", async () => {
      project.writeSettings({
        "nexus:dockerHost": ssh.address,
        "nexus:dockerSsh": { knownHosts: ssh.path("known") },
      });
      const env = { ...project.env, SSH_AUTH_SOCK: agent.socket };
      const broken = project.startCli(project.upCommand, { env });
      const started = async (): Promise<true | undefined> =>
        [...(await containersOf(project)).values()].some(
          ({ role, info }) => role === "db" && info.State.Running,
        ) || undefined;
      const ended = broken.outcome.then(({ output }) => Promise.reject(new Error(output)));
      ended.catch(() => undefined);
      await Promise.race([ended, eventually("the database is started", started)]);
      await ssh.stop();
      const { code, output } = await broken.outcome;
      expect(code, output).toBe(1);
      const { deployment } = await project.state();
      const made = resourcesOf(deployment, DOCKER_CONTAINER).map(({ id }) => id);
      expect(made).not.toEqual([]);

      await ssh.start();
      const outcome = await project.cli(project.upCommand, { env });
      succeeded(outcome);
      expect(outcome.output).not.toContain("never became healthy");
      const ids = [...(await containersOf(project)).values()].map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(made));
      expect(await project.preview()).toEqual([]);
    });

    it("a change goes over TLS as well, and nothing but the certificates' folder is in the state", async () => {
      const before = identities(await containersOf(project));
      project.writeSettings({
        "nexus:dockerHost": `tcp://127.0.0.1:${ports.front}`,
        "nexus:dockerCerts": certs("good"),
        "nexus:gateway": { ...project.settings["nexus:gateway"], readTimeoutSeconds: 7 },
      });
      succeeded(await project.cli(project.upCommand));
      const after = identities(await containersOf(project));
      const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
      expect(changed).toEqual(["nginx-gateway"]);
      const state = succeeded(await project.pulumi("stack", "export", "--show-secrets"));
      expect(state).toContain(certs("good"));
      expect(state).not.toContain(readFileSync(join(certs("good"), "key.pem"), "utf8").split("\n")[1]);
    });

    it("plain `pulumi up` tries the provider's way as well, before the first resource", async () => {
      const before = identities(await containersOf(project));
      project.writeSettings({
        "nexus:dockerHost": `tcp://127.0.0.1:${ports.front}`,
        "nexus:dockerCerts": certs("good"),
        "nexus:gateway": { ...project.settings["nexus:gateway"], readTimeoutSeconds: 8 },
      });
      // The provider takes this variable, and nothing else does.
      const env = { ...project.env, DOCKER_CERT_MATERIAL: "half of a pair" };
      const command = ["pulumi", "up", "--stack", project.stack, "--yes", "--skip-preview"];
      const { code, output } = await project.cli(command, { env });
      expect(code, output).not.toBe(0);
      expect(output).toMatch(
        /provider cannot use Docker at tcp:\S+, which answers to us; nothing was changed/,
      );
      expect(output).not.toMatch(/^\s+at /m);
      expect(identities(await containersOf(project))).toEqual(before);
    });

    /** What the platform's own code does with the Engine, and what a hijacked connection can. */
    async function useContainer(client: Docker): Promise<void> {
      const image = localRefs(REPOSITORY).nginx;
      const container = await client.createContainer({
        ...{ name: `${project.prefix}try`, Image: image, Entrypoint: ["sleep", "600"], Cmd: [] },
        HostConfig: { NetworkMode: "none" },
      });
      try {
        await container.start();
        const archive = pack();
        archive.entry({ name: "file" }, "six...".repeat(200_000));
        archive.finalize();
        await container.putArchive(archive, { path: "/tmp" });
        expect(await execIn(client, container.id, ["wc", "-c", "/tmp/file"])).toContain("1200000 ");
        const exec = await container.exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true });
        const stream = await exec.start({ hijack: true, stdin: true });
        stream.end("to the container and back");
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        expect(Buffer.concat(chunks).toString()).toContain("to the container and back");
        await Promise.all(Array.from({ length: 25 }, () => container.inspect()));
        // Were the socket mounted into it, a process there would not see this machine's ports and routes.
        const sockets = await execIn(client, container.id, ["cat", "/proc/net/unix"]);
        expect(isLocalEngine("unix:///var/run/docker.sock", { sockets, contained: true })).toBe(false);
        expect(isLocalEngine("unix:///var/run/docker.sock")).toBe(true);
      } finally {
        await container.remove({ force: true });
      }
    }
  });
});
