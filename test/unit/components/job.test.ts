import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { withJobContainer } from "../../../components/job";

/** An Engine that has no image until it has pulled it, and writes down what it was asked. */
function engineWithout(image: string): { docker: Docker; asked: string[] } {
  const asked: string[] = [];
  let pulled = false;
  const docker = {
    createContainer: async ({ Image }: { Image: string }) => {
      asked.push(`create ${Image}`);
      if (!pulled) throw Object.assign(new Error("no such image"), { statusCode: 404 });
      return { remove: async () => asked.push("remove") };
    },
    pull: async (ref: string) => {
      asked.push(`pull ${ref}`);
      pulled = ref === image;
    },
    modem: { followProgress: (_: unknown, done: (error?: Error) => void) => done() },
  };
  return { docker: docker as unknown as Docker, asked };
}

describe("a job's container", () => {
  it("is made of an image that is pulled when the host does not have it yet", async () => {
    const { docker, asked } = engineWithout("nginx:1");
    expect(await withJobContainer(docker, { Image: "nginx:1" }, async () => "done")).toBe("done");
    expect(asked).toEqual(["create nginx:1", "pull nginx:1", "create nginx:1", "remove"]);
  });

  it("asks no registry for a local image", async () => {
    const { docker, asked } = engineWithout("nexus-local/nginx:1");
    const job = withJobContainer(docker, { Image: "nexus-local/nginx:1" }, async () => "done");
    await expect(job).rejects.toThrow("no such image");
    expect(asked).toEqual(["create nexus-local/nginx:1"]);
  });
});
