import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { chooseDiskMeans } from "../../../components/disk/choose";
import { enforcement, jobAccess } from "../../../components/disk/enforcement";

const IMAGE = { ref: "nexus-local/disk:1", user: "0:0" };
const LOOP = { means: "loop", image: IMAGE };

/** What a host does when it is asked. */
interface Host {
  keeper?: { running: boolean };
  /** The deepest folder that exists. */
  folder?: string;
  hasImage?: boolean;
  startError?: string;
  exitCode?: number;
}

/** An Engine as far as it is asked here, and what it was asked to make. */
function fake({ keeper, folder = "/var/lib", hasImage = true, startError, exitCode = 0 }: Host) {
  const made: Docker.ContainerCreateOptions[] = [];
  let removed = 0;
  let started = false;
  const docker = {
    getContainer: () => ({
      inspect: async () => {
        if (!keeper) throw Object.assign(new Error("no such container"), { statusCode: 404 });
        return { State: { Running: keeper.running } };
      },
    }),
    createContainer: async (options: Docker.ContainerCreateOptions) => {
      if (!hasImage) throw new Error("(HTTP code 404) no such container - No such image: nexus-local/disk:1");
      const source = options.HostConfig?.Mounts?.[0]?.Source ?? "";
      if (!`${folder}/`.startsWith(source === "/" ? "/" : `${source}/`)) {
        throw new Error(`invalid mount config for type "bind": bind source path does not exist: ${source}`);
      }
      made.push(options);
      return {
        // An end that is asked for before the start may be over when the request arrives: nobody would hear of it.
        wait: async () => (started ? { StatusCode: exitCode } : new Promise(() => undefined)),
        start: async () => {
          if (startError) throw new Error(startError);
          started = true;
        },
        remove: async () => {
          removed++;
        },
      };
    },
  };
  return { docker: docker as unknown as Docker, made, removed: () => removed };
}

const ask = ({ docker }: { docker: Docker }, image: typeof IMAGE | undefined = IMAGE) =>
  enforcement(docker, { dataRoot: "/var/lib/sectorwars", namePrefix: "t-", image });

describe("whether a host can keep disk limits", () => {
  it("is tried out next to the data root, without network, and leaves nothing", async () => {
    const host = fake({});
    expect(await ask(host)).toEqual(LOOP);
    const [probe] = host.made;
    expect(host.made).toHaveLength(1);
    expect(probe?.HostConfig?.NetworkMode).toBe("none");
    expect(probe?.HostConfig?.Mounts).toEqual([
      expect.objectContaining({
        Source: "/var/lib",
        ReadOnly: true,
        BindOptions: { Propagation: "rshared" },
      }),
    ]);
    expect(probe?.name).toMatch(/^t-disk-probe-/);
    expect(host.removed()).toBe(1);
  });

  it("is known while the keeper runs, and is asked again when it does not", async () => {
    const running = fake({ keeper: { running: true }, exitCode: 4 });
    expect(await ask(running)).toEqual(LOOP);
    expect(running.made).toEqual([]);
    const stopped = fake({ keeper: { running: false }, exitCode: 4 });
    expect((await ask(stopped)).means).toBe("none");
  });

  it.each<[string, Host, RegExp]>([
    ["XFS cannot be made", { exitCode: 3 }, /no XFS file system can be made/],
    ["XFS cannot be mounted", { exitCode: 4 }, /kernel lacks XFS or loop devices/],
    ["the trial ends otherwise", { exitCode: 137 }, /ended with code 137/],
    [
      "mounts are private",
      { startError: "path /var/lib is mounted on / but it is not a shared mount" },
      /not shared.*make-rshared/,
    ],
  ])("is no, with the reason, when %s", async (_what, host, reason) => {
    const engine = fake(host);
    const answer = await ask(engine);
    expect(answer).toEqual({ means: "none", reason: expect.stringMatching(reason) });
    expect(engine.removed()).toBe(1);
  });

  it("is no without an image, which no registry has a default for", async () => {
    const { docker } = fake({});
    const answer = await enforcement(docker, { dataRoot: "/d", namePrefix: "", image: undefined });
    expect(answer).toEqual({ means: "none", reason: expect.stringContaining('"disk"') });
  });

  it("is left to `up` while the host has no image to try with", async () => {
    expect(await ask(fake({ hasImage: false }))).toEqual(LOOP);
  });

  it("is not taken for a no when something else fails", async () => {
    await expect(ask(fake({ startError: "no space left on device" }))).rejects.toThrow(/no space left/);
  });
});

describe("a host that cannot keep disk limits", () => {
  const settings = { dataRoot: "/var/lib/sectorwars", namePrefix: "" };

  it("is refused where they are required, with the host, the reason and the way out", async () => {
    const { docker } = fake({ exitCode: 4 });
    const chosen = chooseDiskMeans(docker, "ssh://host-1", { ...settings, diskLimit: "require" }, IMAGE);
    await expect(chosen).rejects.toThrow(
      /^disk limit not enforced on host ssh:\/\/host-1: it cannot mount.*nexus:diskLimit: accept/,
    );
  });

  it("is taken without a keeper where that is accepted", async () => {
    const { docker } = fake({ exitCode: 4 });
    expect(await chooseDiskMeans(docker, "host-1", { ...settings, diskLimit: "accept" }, IMAGE)).toBe("none");
  });
});

describe("the rights of short-lived containers", () => {
  it("are those of the keeper", () => {
    expect(jobAccess()).toMatchObject({
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["CAP_SYS_ADMIN"],
      SecurityOpt: ["no-new-privileges:true", "apparmor=unconfined"],
    });
  });
});
