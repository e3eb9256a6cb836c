import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { connect } from "../../../cli/docker";
import { fetchMissing } from "../../../cli/fetchImages";
import { preflight } from "../../../cli/preflight/preflight";
import { openForUp } from "../../../cli/ready";
import { findState, recover } from "../../../cli/recover/recover";
import { createStack } from "../../../cli/state/stack";
import { failed } from "../../../cli/stop";

vi.mock("../../../cli/docker", () => ({ connect: vi.fn() }));
vi.mock("../../../cli/fetchImages", () => ({ fetchMissing: vi.fn() }));
vi.mock("../../../cli/preflight/preflight", () => ({ preflight: vi.fn() }));
vi.mock("../../../cli/recover/recover", () => ({ findState: vi.fn(), recover: vi.fn() }));
vi.mock("../../../cli/state/stack", () => ({ createStack: vi.fn() }));

it("an `up` does nothing on the host, and makes no stack, before the lock was looked at", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexus-ready-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: nexus\n");
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    "config: {nexus:images: local, nexus:environment: staging}\n",
  );
  mkdirSync(join(folder, "regions/dev"), { recursive: true });
  vi.mocked(findState).mockRejectedValue(failed("locked"));
  await expect(openForUp(folder, "dev")).rejects.toThrow("locked");
  for (const step of [connect, fetchMissing, preflight, recover, createStack])
    expect(step).not.toHaveBeenCalled();
});
