// What Pulumi starts. Our own commands run the same program in their own process (operations/deploy/pulumi/program.ts).
import * as pulumi from "@pulumi/pulumi";
import { program } from "./program";

const projectDir = pulumi.runtime.getRootDirectory?.() ?? process.cwd();
export const addresses = program({ projectDir, env: process.env });
