import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { withJobContainer } from "../../../components/job";

describe("a job's container", () => {
  it("is removed whatever happens, and never pulls its image", async () => {
    const asked: string[] = [];
    // Asked for anything else, it fails.
    const docker = {
      createContainer: async ({ Image }: { Image: string }) => {
        asked.push(`create ${Image}`);
        if (Image === "absent:1") throw Object.assign(new Error("no such image"), { statusCode: 404 });
        return { remove: async () => asked.push("remove") };
      },
    } as unknown as Docker;
    expect(await withJobContainer(docker, { Image: "nginx:1" }, async () => "done")).toBe("done");
    const failing = withJobContainer(docker, { Image: "nginx:1" }, () => Promise.reject(new Error("full")));
    await expect(failing).rejects.toThrow("full");
    await expect(withJobContainer(docker, { Image: "absent:1" }, async () => "done")).rejects.toThrow(
      "no such image",
    );
    expect(asked).toEqual(["create nginx:1", "remove", "create nginx:1", "remove", "create absent:1"]);
  });
});
