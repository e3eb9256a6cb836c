import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { engine } from "../../../components/engine";
import { engineAccess, providerAccess } from "../../../components/engineHost";

const SAFE = ["-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"];
const REST = [...SAFE, "-o", "ServerAliveInterval=15", "-T"];

describe("an Engine is reached", () => {
  beforeEach(() => {
    for (const name of ["HOST", "CERT_PATH", "TLS_VERIFY", "SSH_OPTS"])
      vi.stubEnv(`DOCKER_${name}`, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("at the usual socket, or where DOCKER_HOST or the setting says", () => {
    expect(engineAccess()).toMatchObject({ kind: "unix", socketPath: "/var/run/docker.sock" });
    vi.stubEnv("DOCKER_HOST", "tcp://a:1");
    expect(engineAccess()).toMatchObject({ kind: "tcp", hostname: "a", port: 1 });
    expect(engineAccess("unix:///b.sock")).toMatchObject({ kind: "unix", socketPath: "/b.sock" });
  });

  it("by the setting alone, whatever DOCKER_HOST and its certificates say", () => {
    vi.stubEnv("DOCKER_HOST", "tcp://elsewhere:2376");
    vi.stubEnv("DOCKER_CERT_PATH", "/there/is/no/such/folder");
    const { modem } = engine("unix:///b.sock");
    expect(modem).toMatchObject({ socketPath: "/b.sock", host: undefined, protocol: "http" });
    expect(process.env.DOCKER_HOST).toBe("tcp://elsewhere:2376");
  });

  it("with TLS where there are certificates, by the setting before the variables", () => {
    expect(engineAccess("tcp://h:1")).not.toHaveProperty("certs");
    expect(engineAccess("tcp://h")).toMatchObject({ port: 2375 });
    vi.stubEnv("DOCKER_TLS_VERIFY", "1");
    expect(engineAccess("tcp://h")).toMatchObject({
      port: 2376,
      certs: expect.stringMatching(/\/\.docker$/),
    });
    vi.stubEnv("DOCKER_CERT_PATH", "/certs");
    expect(engineAccess("tcp://h:1")).toMatchObject({ certs: "/certs" });
    const host = { address: "tcp://[::1]:1", certs: "mine", folder: "/project" };
    expect(engineAccess(host)).toMatchObject({ certs: "mine", hostname: "::1" });
    // As it was written: the state must be the same on every machine.
    expect(providerAccess(host)).toEqual({ host: "tcp://[::1]:1", certPath: "mine" });
  });

  it("with ssh, whose host keys are always checked", () => {
    expect(engineAccess("ssh://deploy@host:22")).toMatchObject({
      kind: "ssh",
      sshArgs: ["-l", "deploy", "-p", "22", ...REST, "--", "host", "docker system dial-stdio"],
    });
    const host = { address: "ssh://host", knownHosts: "known", keyFile: "key", folder: "/project" };
    const options = [
      ...["-o", "UserKnownHostsFile=known", "-o", "IdentityFile=key", "-o", "IdentitiesOnly=yes"],
      ...REST,
    ];
    expect(providerAccess(host)).toEqual({ host: "ssh://host", certPath: "", sshOpts: options });
    vi.stubEnv("DOCKER_SSH_OPTS", " -F  config ");
    expect(providerAccess(host)).toEqual({
      host: "ssh://host",
      certPath: "",
      sshOpts: ["-F", "config", ...options],
    });
  });

  it.each(["unix:///b.sock", "tcp://h:2376", "ssh://h"])(
    "with the same in the state whether this machine has certificates or not: %s",
    (address) => {
      // The provider would talk TLS to whatever it is, unless it is told.
      const certPath = address.startsWith("tcp:") ? {} : { certPath: "" };
      expect(providerAccess(address)).toMatchObject({ host: address, ...certPath });
      const without = providerAccess(address);
      vi.stubEnv("DOCKER_CERT_PATH", "/certs");
      expect(providerAccess(address)).toEqual(without);
    },
  );

  it("not at all where the address is none", () => {
    for (const address of ["localhost:2375", "http//x", "npipe:////./pipe/docker_engine"])
      expect(() => engine(address)).toThrow(/is not the address of a Docker Engine: allowed is unix:/);
  });
});
