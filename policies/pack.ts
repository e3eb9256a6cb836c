import type { Policies } from "@pulumi/policy";
import { cpuLimit } from "./cpuLimit";
import { dataVolumes } from "./dataVolumes";
import { engineSocket } from "./engineSocket";
import { hardening } from "./hardening";
import { healthChecks } from "./healthChecks";
import { hostSum } from "./hostSum";
import { judgedTypes } from "./judgedTypes";
import { knownArguments } from "./knownArguments";
import { memoryLimit } from "./memoryLimit";
import { ownVolumes } from "./ownVolumes";
import { pinnedImages } from "./pinnedImages";
import { publishedPorts } from "./publishedPorts";
import { regionIsolation } from "./regionIsolation";
import { regionSize } from "./regionSize";
import { regionSum } from "./regionSum";
import { secretLiterals } from "./secretLiterals";
import { stateInVolumes } from "./stateInVolumes";
import { stopGrace } from "./stopGrace";
import { subnets } from "./subnets";

/** What every stack must keep. docs/policies.md has the table; a unit test compares the two. */
export const policies: Policies = [
  // Sizes and limits
  regionSize,
  memoryLimit,
  cpuLimit,
  regionSum,
  hostSum,
  // Networks
  subnets,
  publishedPorts,
  regionIsolation,
  // Containers
  knownArguments,
  hardening,
  engineSocket,
  pinnedImages,
  secretLiterals,
  healthChecks,
  stopGrace,
  // Data
  dataVolumes,
  ownVolumes,
  stateInVolumes,
  judgedTypes,
];
