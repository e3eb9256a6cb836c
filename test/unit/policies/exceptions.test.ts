import { expect, it } from "vitest";
import { DISK_ACCESS, DISK_ROLE } from "../../../catalog/keeper";
import { HARDENING_EXCEPTIONS } from "../../../policies/hardeningExceptions";

it("the only exception from hardening is what the disk keeper asks for, and no more", () => {
  expect(HARDENING_EXCEPTIONS).toEqual([
    {
      role: DISK_ROLE,
      reason: expect.any(String),
      capabilities: DISK_ACCESS.capabilities,
      root: DISK_ACCESS.user === "0:0",
      deviceCgroupRules: DISK_ACCESS.deviceCgroupRules,
      securityOpts: DISK_ACCESS.securityOpts,
      hostFolders: true,
    },
  ]);
});
