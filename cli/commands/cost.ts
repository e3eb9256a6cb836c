import type { Command } from "commander";
import { costReport } from "../../operations/capacity/cost";
import { shortName } from "../../operations/deploy/state/open";
import { badInput } from "../../operations/failure";
import { loadPlatform } from "../../platform";
import { usualSizes } from "../../regions/sizes";
import { renderCost } from "../cost/render";
import { EXIT, type ExitCode } from "../exit";
import { type Format, formatOption, print } from "../format";
import { type StackOptions, stackCommand } from "./options";

interface CostOptions extends StackOptions {
  citizens: number;
  format: Format;
}

const MAX_CITIZENS = 10_000_000;

export function costCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("cost", "say what the platform costs and earns, and where it breaks even")
    .option("--citizens <n>", "galactic citizens who pay", citizenCount, 0)
    .addOption(formatOption())
    .examples([
      ["npm run cost -- --stack prod", "the regions of prod, at the rates of nexus:prices"],
      ["npm run cost -- --citizens 40", "with what 40 galactic citizens pay"],
      ["npm run cost -- --format json", "for a program; amounts are whole cents"],
    ])
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
  print(format, { stack, ...report }, () => renderCost(report, stack));
  return EXIT.done;
}
