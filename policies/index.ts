import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

// Its constructor starts a server: tests import ./pack.
new PolicyPack("sectorwars-nexus", { policies, enforcementLevel: "mandatory" });
