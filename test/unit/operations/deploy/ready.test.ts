import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { preflight } from "../../../../operations/deploy/preflight/preflight";
import { openForUp } from "../../../../operations/deploy/ready";
import { findState, recover } from "../../../../operations/deploy/recover/recover";
import { createStack } from "../../../../operations/deploy/state/stack";
import { connect } from "../../../../operations/docker/client";
import { fetchMissing } from "../../../../operations/docker/fetchImages";
import { failed } from "../../../../operations/failure";
import { silentReporter } from "../../../support/reporter";

vi.mock("../../../../operations/docker/client", () => ({ connect: vi.fn() }));
vi.mock("../../../../operations/docker/fetchImages", () => ({ fetchMissing: vi.fn() }));
vi.mock("../../../../operations/deploy/preflight/preflight", () => ({ preflight: vi.fn() }));
vi.mock("../../../../operations/deploy/recover/recover", () => ({ findState: vi.fn(), recover: vi.fn() }));
vi.mock("../../../../operations/deploy/state/stack", () => ({ createStack: vi.fn() }));

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
  await expect(openForUp(folder, "dev", silentReporter())).rejects.toThrow("locked");
  for (const step of [connect, fetchMissing, preflight, recover, createStack])
    expect(step).not.toHaveBeenCalled();
});
