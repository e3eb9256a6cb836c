import type { Command } from "commander";
import { addRegion } from "../../operations/lifecycle/add";
import { applyEdit, type WrittenEdit } from "../../operations/lifecycle/apply";
import { writeSample } from "../../operations/lifecycle/config";
import { RegionFolder } from "../../operations/lifecycle/folder";
import { isLink, removeRegion } from "../../operations/lifecycle/remove";
import { sampleData, sampleKeys, sampleText } from "../../operations/lifecycle/sample";
import { scaleRegion } from "../../operations/lifecycle/scale";
import { type SizeOptions, unitNote } from "../../operations/lifecycle/values";
import { count, stackFlag } from "../../operations/words";
import { cents, formatCents, regionCost } from "../../regions/cost";
import { lowestFreeSlot } from "../../regions/duplicates";
import type { RegionModel } from "../../regions/model";
import { confirmed } from "../ask";
import { EXIT, type ExitCode } from "../exit";
import { type Format, formatOption, print } from "../format";
import { sizeOptions } from "../region/sizeOptions";
import { details, detailsTable, listTable, summary } from "../region/view";
import { say } from "../say";
import { columns } from "../table";
import { ExplainedCommand, requireAnswer, type StackOptions, stackCommand } from "./options";

interface RegionOptions extends StackOptions {
  format: Format;
}
interface ChangeOptions extends RegionOptions {
  apply: boolean;
  yes: boolean;
}
type Done = (code: ExitCode) => void;

export function regionCommand(done: Done): Command {
  const region = new ExplainedCommand("region")
    .description("list, show, add, scale and remove regions: edits the region files")
    .examples([
      ["npm run region -- list", "the regions of dev"],
      ["npm run region -- add celeste --owner 7b0c8f6e", "write its file, in the lowest free slot"],
      ["npm run region -- scale celeste --cpu 4 --memory 8GB", "write its new size"],
      ["npm run region -- scale celeste --cpu 4 --apply", "and go on to `up`"],
      ["npm run -s region -- list --format json", "for a program"],
    ]);
  for (const make of [list, show, add, scale, remove, config]) region.addCommand(make(done));
  return region;
}

function command(name: string, summary: string, format: Format = "table"): Command {
  return stackCommand(name, summary).addOption(formatOption(format));
}

function withSize(kind: "add" | "scale", summary: string): Command {
  const region = command(kind, summary);
  for (const option of sizeOptions(kind)) region.addOption(option);
  return region
    .option("--apply", "go on to the preview and `up`", false)
    .option("-y, --yes", "with --apply: do not ask; needed without a terminal", false);
}

function list(done: Done): Command {
  return command("list", "all regions of the stack").action((options: RegionOptions) => {
    const folder = new RegionFolder(options, say);
    const regions = folder.models();
    const rows = regions.map((region) => summary(region, fileOf(folder, region.name)));
    print(options.format, rows, () => listTable(rows));
    const slot = lowestFreeSlot(regions);
    const free = slot === undefined ? "all slots are taken" : `the lowest free slot is ${slot}`;
    say(`${count(rows.length, "region")} in ${folder.label}; ${free}.`);
    done(EXIT.done);
  });
}

function show(done: Done): Command {
  return command("show", "one region: its file, its address, its containers")
    .argument("<region>", "its name")
    .action((name: string, options: RegionOptions) => {
      const folder = new RegionFolder(options, say);
      const { label } = folder.existing(name);
      const region = folder.models().find((other) => other.name === name);
      if (!region || !folder.settings) throw new Error(`${name} was not loaded`);
      const data = details(region, folder.settings, label);
      print(options.format, data, () => detailsTable(data));
      done(EXIT.done);
    });
}

function add(done: Done): Command {
  return withSize("add", "write a new region's file")
    .argument("<name>", "the region's name, for ever")
    .option("--owner <id>", "the owner's id in the game; required")
    .option("--slot <number>", "the third number of its network, for ever (default: the lowest that is free)")
    .action(
      async (name: string, options: ChangeOptions & SizeOptions & { owner?: string; slot?: string }) => {
        if (options.apply) requireAnswer(options.yes, "region add --apply");
        const folder = new RegionFolder(options, say);
        const added = await addRegion(folder, name, options);
        const data = summary(added.region, added.file);
        say(`${added.file}: written.
It takes slot ${data.slot} and, of the host, ${data.cpu} CPU, ${data.memory} of memory and ${data.disk} of disk.${monthText(folder, added.region)}`);
        sayNote(options);
        done(await finish({ result: "added", region: data }, added, folder, options));
      },
    );
}

/** What a region costs and brings in, at the stack's own rates. */
function monthText({ settings }: RegionFolder, { resources }: RegionModel): string {
  if (!settings) return "";
  const { prices } = settings;
  const paid = formatCents(cents(prices.subscription));
  return ` It costs ${prices.currency} ${formatCents(regionCost(prices, resources))} a month, and its owner pays ${paid} (nexus:prices).`;
}

function scale(done: Done): Command {
  return withSize("scale", "write a region's new size into its file")
    .argument("<region>", "its name")
    .action(async (name: string, options: ChangeOptions & SizeOptions) => {
      if (options.apply) requireAnswer(options.yes, "region scale --apply");
      const folder = new RegionFolder(options, say);
      const scaled = await scaleRegion(folder, name, options);
      const { file, changes } = scaled;
      const rows = changes.map(({ key, from, to }) => [`  ${key}`, `${from ?? "(wrong)"} -> ${to}`]);
      say(
        changes.length === 0
          ? `${file}: nothing to change, ${name} has that size already.`
          : `${file}: written.\n${columns(rows)}`,
      );
      sayNote(options);
      const result = changes.length === 0 ? "unchanged" : "scaled";
      done(await finish({ result, region: name, file, changes }, scaled, folder, options));
    });
}

function remove(done: Done): Command {
  return command("remove", "remove a region's file; its data stays")
    .argument("<region>", "its name")
    .option("-y, --yes", "do not ask; needed without a terminal", false)
    .action(async (name: string, options: RegionOptions & { yes: boolean }) => {
      requireAnswer(options.yes, "region remove");
      const folder = new RegionFolder(options, say);
      const { path, label } = folder.existing(name);
      const link = isLink(path) ? " (a link; what it leads to stays)" : "";
      say(
        `This removes ${label}${link}. The next \`up\` then removes the region's containers; its data stays.`,
      );
      if (!options.yes && !(await confirmed("Type the name of the region to go on: ", name))) {
        say("Nothing was removed.");
        return done(EXIT.done);
      }
      const file = await removeRegion(folder, name);
      say(`${file}: removed. ${nextSteps(folder)}
Its data stays on the host, below ${folder.settings?.dataRoot ?? "the data root"}; the same file brings it back.`);
      print(options.format, { result: "removed", region: name, file }, () => "");
      done(EXIT.done);
    });
}

function config(done: Done): Command {
  return command("config", "print or write a sample region file with a comment at every key", "yaml")
    .argument("[file]", "write it to this new file in the project, in place of printing it")
    .action(async (file: string | undefined, options: RegionOptions) => {
      const folder = new RegionFolder(options, say);
      if (file === undefined) {
        const keys = sampleKeys("celeste", lowestFreeSlot(folder.read().identities) ?? 1);
        if (options.format === "yaml") process.stdout.write(sampleText(keys));
        else {
          const rows = keys.map(({ path, value, about }) => [path, String(value), about]);
          print(options.format, sampleData(keys), () => columns([["KEY", "DEFAULT", "ALLOWED"], ...rows]));
        }
      } else {
        const written = await writeSample(folder, file);
        say(`${written}: written. Correct the owner in it, then: npm run preview`);
        print(options.format, { result: "written", file: written }, () => "");
      }
      done(EXIT.done);
    });
}

/** Prints the result, after `up` when it was asked for. */
async function finish(
  data: Record<string, unknown>,
  edit: WrittenEdit,
  folder: RegionFolder,
  { apply, yes, format, stack, cwd }: ChangeOptions,
): Promise<ExitCode> {
  if (!apply) {
    if (data.result !== "unchanged") say(nextSteps(folder));
    print(format, data, () => "");
    return EXIT.done;
  }
  // Takes longer to load than all else that is done to a region's file.
  const [{ isAsDeclared, up }, { upAtTerminal }] = await Promise.all([
    import("../../operations/deploy/up.js"),
    import("./up.js"),
  ]);
  const how = upAtTerminal({ yes, json: format !== "table" });
  const outcome = await applyEdit(edit, folder, () => up(cwd, stack, how));
  // Then the edit was taken back.
  const result = outcome.result === "refused" ? outcome.result : data.result;
  print(format, { ...data, result, up: outcome }, () => "");
  return isAsDeclared(outcome) ? EXIT.done : EXIT.failed;
}

function nextSteps({ stack }: RegionFolder): string {
  const flag = stackFlag(stack);
  return `Next: npm run preview${flag}, then npm run up${flag}`;
}

function sayNote(options: SizeOptions): void {
  const note = unitNote(options);
  if (note) say(note);
}

function fileOf(folder: RegionFolder, name: string): string {
  return folder.labelOf(folder.pathOf(name));
}
