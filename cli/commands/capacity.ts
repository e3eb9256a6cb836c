import type { Command } from "commander";
import { hostCapacity } from "../../operations/capacity/capacity";
import { countedHosts } from "../../operations/capacity/hosts";
import { shortName } from "../../operations/deploy/state/open";
import { badInput } from "../../operations/failure";
import { checkSizes, type SizeOptions, unitNote } from "../../operations/lifecycle/values";
import { loadPlatform } from "../../platform";
import { REGION_DEFAULTS } from "../../regions/defaults";
import type { RegionResources } from "../../regions/model";
import { sizeOf } from "../../regions/normalise";
import { usualSizes } from "../../regions/sizes";
import { renderCapacity } from "../capacity/render";
import { EXIT, type ExitCode } from "../exit";
import { type Format, formatOption, print } from "../format";
import { say } from "../say";
import { type StackOptions, stackCommand } from "./options";

interface CapacityOptions extends StackOptions, Pick<SizeOptions, "cpu" | "memory" | "disk"> {
  measure: boolean;
  format: Format;
}

export function capacityCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("capacity", "say how many more regions fit on the host, and what bounds it")
    .option("--cpu <n>", "CPUs of a region; without any of the three, the usual sizes are counted")
    .option("--memory <size>", "its memory, such as 3GB")
    .option("--disk <size>", "its disk, such as 20GB")
    .option("--measure", "also ask the Docker Engine where nexus:host declares the host", false)
    .addOption(formatOption())
    .examples([
      ["npm run capacity", "the stack dev, on the host that Docker reports"],
      ["npm run capacity -- --stack prod", "prod, on the host that its settings declare"],
      ["npm run capacity -- --cpu 2 --memory 3GB --disk 20GB", "regions of one size"],
      ["npm run capacity -- --format json", "for a program"],
    ])
    .action(async (options: CapacityOptions) => done(await capacity(options)));
}

async function capacity(options: CapacityOptions): Promise<ExitCode> {
  const sizes = sizesOf(options);
  const stack = shortName(options.stack);
  const platform = loadPlatform({ projectDir: options.cwd, stack, admission: false });
  const hosts = await countedHosts(platform, options.measure);
  const counted = hosts.map((host) => hostCapacity(platform, host, sizes));
  print(options.format, { stack, hosts: counted }, () =>
    counted.map((one) => renderCapacity(one, stack)).join("\n\n"),
  );
  const note = unitNote(options);
  if (note) say(note);
  return EXIT.done;
}

function sizesOf({ cpu, memory, disk }: CapacityOptions): RegionResources[] {
  if (cpu === undefined && memory === undefined && disk === undefined) return usualSizes();
  const { value, problems } = checkSizes({ cpu, memory, disk });
  if (!value) throw badInput(problems.join("\n"));
  return [sizeOf(value.resources, REGION_DEFAULTS.resources)];
}
