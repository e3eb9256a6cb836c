import type { Command } from "commander";
import { loadPlatform, type Platform } from "../../platform";
import { usualSizes } from "../../regions/sizes";
import { hostCapacity } from "../capacity/report";
import { renderCost } from "../cost/render";
import { costReport } from "../cost/report";
import { explainMoney } from "../cost/specification";
import { type Format, formatOption, print } from "../format";
import { shortName } from "../state/open";
import { badInput, EXIT, type ExitCode } from "../stop";
import { EXIT_CODES_HELP, examples, type StackOptions, stackCommand } from "./options";

interface CostOptions extends StackOptions {
  citizens: number;
  format: Format;
}

const MAX_CITIZENS = 10_000_000;

export function costCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("cost", "say what the platform costs and earns, and where it breaks even")
    .option("--citizens <n>", "galactic citizens who pay", citizenCount, 0)
    .addOption(formatOption())
    .addHelpText(
      "after",
      examples([
        ["npm run cost -- --stack prod", "the regions of prod, at the rates of nexus:prices"],
        ["npm run cost -- --citizens 40", "with what 40 galactic citizens pay"],
        ["npm run cost -- --format json", "for a program; amounts are whole cents"],
      ]) + EXIT_CODES_HELP,
    )
    .action((options: CostOptions) => done(cost(options)));
}

function citizenCount(text: string): number {
  if (/^\d{1,8}$/.test(text) && Number(text) <= MAX_CITIZENS) return Number(text);
  throw badInput(
    `--citizens: ${JSON.stringify(text)} was given; allowed is a whole number from 0 to ${MAX_CITIZENS}. Write how many pay.`,
  );
}

function cost({ cwd, stack: name, citizens, format }: CostOptions): ExitCode {
  const stack = shortName(name);
  const platform = loadPlatform({ projectDir: cwd, stack, admission: false });
  const report = costReport(platform, usualSizes(), citizens);
  const explained = explanation(platform);
  const data = { stack, ...report, ...(explained.length > 0 && { specification: explained }) };
  print(format, data, () => {
    const claims = explained.map((claim) => `- ${claim}`);
    const text = claims.length === 0 ? [] : ["", "The specification's numbers:", ...claims];
    return [renderCost(report, stack), ...text].join("\n");
  });
  return EXIT.done;
}

/** Only where the Nexus has the specification's size do its numbers say anything. */
function explanation(platform: Platform): string[] {
  const { host, profile, prices } = platform.settings;
  if (profile !== "specification") return [];
  return explainMoney(prices, host && hostCapacity(platform, { source: "declared", size: host }, []));
}
