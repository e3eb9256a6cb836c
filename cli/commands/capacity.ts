import { type Command, Option } from "commander";
import { Refusal } from "../../config/refusal";
import { parseCpu, parseSize } from "../../config/units";
import { loadPlatform, type Platform } from "../../platform";
import { REGION_DEFAULTS, REGION_LIMITS } from "../../regions/defaults";
import type { RegionResources } from "../../regions/model";
import { usualSizes } from "../../regions/sizes";
import { renderCapacity } from "../capacity/render";
import { type CountedHost, type HostCapacity, hostCapacity } from "../capacity/report";
import { explainSpecification } from "../capacity/specification";
import { connect } from "../docker";
import { measureHost } from "../preflight/hostSize";
import { sayJson } from "../say";
import { shortName } from "../state/open";
import { badInput, EXIT, type ExitCode, Stop } from "../stop";
import { EXIT_CODES_HELP, examples, type StackOptions, stackCommand } from "./options";

interface CapacityOptions extends StackOptions {
  cpu?: string;
  memory?: string;
  disk?: string;
  measure: boolean;
  format: "table" | "json";
}

export function capacityCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("capacity", "say how many more regions fit on the host, and what bounds it")
    .option("--cpu <n>", "CPUs of a region; without any of the three, the usual sizes are counted")
    .option("--memory <size>", "its memory, such as 3GB")
    .option("--disk <size>", "its disk, such as 20GB")
    .option("--measure", "also ask the Docker Engine where nexus:host declares the host", false)
    .addOption(formatOption())
    .addHelpText(
      "after",
      examples([
        ["npm run capacity", "the stack dev, on the host that Docker reports"],
        ["npm run capacity -- --stack prod", "prod, on the host that its settings declare"],
        ["npm run capacity -- --cpu 2 --memory 3GB --disk 20GB", "regions of one size"],
        ["npm run capacity -- --format json", "for a program"],
      ]) + EXIT_CODES_HELP,
    )
    .action(async (options: CapacityOptions) => done(await capacity(options)));
}

/** `--format table|json`. */
export function formatOption(): Option {
  return new Option("-f, --format <format>", "table for people, json for programs")
    .choices(["table", "json"])
    .default("table");
}

async function capacity(options: CapacityOptions): Promise<ExitCode> {
  const sizes = sizesOf(options);
  const stack = shortName(options.stack);
  const platform = loadPlatform({ projectDir: options.cwd, stack, admission: false });
  const hosts = await hostsOf(platform, options);
  const counted = hosts.map((host) => hostCapacity(platform, host, sizes));
  const explained = explanation(platform, counted);
  if (options.format === "json") {
    sayJson({ stack, hosts: counted, ...(explained.length > 0 && { specification: explained }) });
    return EXIT.done;
  }
  const parts = counted.map((one) => renderCapacity(one, stack));
  if (explained.length > 0) {
    parts.push(["The specification's numbers:", ...explained.map((text) => `- ${text}`)].join("\n"));
  }
  process.stdout.write(`${parts.join("\n\n")}\n`);
  return EXIT.done;
}

/** Only where the Nexus has the specification's size do its numbers say anything. */
function explanation({ settings }: Platform, [first]: HostCapacity[]): string[] {
  return first && settings.profile === "specification" ? explainSpecification(first) : [];
}

async function hostsOf(platform: Platform, { cwd, measure }: CapacityOptions): Promise<CountedHost[]> {
  const { host, dockerHost } = platform.settings;
  const declared: CountedHost[] = host ? [{ source: "declared", size: host }] : [];
  if (host && !measure) return declared;
  const docker = await connect(dockerHost).catch((error: unknown) => {
    if (!(error instanceof Stop)) throw error;
    const without = host ? "Leave --measure out" : "Or declare the host (nexus:host)";
    throw badInput(`${error.message} ${without} to count without Docker.`);
  });
  return [...declared, { source: "measured", size: await measureHost(docker, platform, cwd, undefined) }];
}

function sizesOf({ cpu, memory, disk }: CapacityOptions): RegionResources[] {
  if (cpu === undefined && memory === undefined && disk === undefined) return usualSizes();
  const { resources } = REGION_DEFAULTS;
  const problems: string[] = [];
  const read = (option: string, text: string | undefined, byDefault: number, parse: () => number): number => {
    try {
      return text === undefined ? byDefault : parse();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(`${option}: ${error.message}`);
      return byDefault;
    }
  };
  const size: RegionResources = {
    cpuMillis: read("--cpu", cpu, resources.cpuMillis, () => parseCpu(numberOrText(cpu), REGION_LIMITS.cpu)),
    memoryBytes: read("--memory", memory, resources.memoryBytes, () =>
      parseSize(memory, REGION_LIMITS.memory),
    ),
    diskBytes: read("--disk", disk, resources.diskBytes, () => parseSize(disk, REGION_LIMITS.disk)),
  };
  if (problems.length > 0) throw badInput(problems.join("\n"));
  return [size];
}

function numberOrText(text: string | undefined): number | string | undefined {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
