import type { CompletionCommand, CompletionOption, Values } from "./model";

/** A function `nexus` and its completion, for fish. */
export function fishScript(commands: CompletionCommand[], root: string): string {
  const paths = commands.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  return `# nexus and its completion for fish: npm run -s completion -- fish | source
set -g _nexus_root ${quoted(root)}
function nexus; node $_nexus_root/setup/run.js $argv; end
function _nexus_at
  set -l at ""
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$at $word")
    contains -- $next ${paths.join(" ")}; and set at $next
  end
  test "$at" = "$argv[1]"
end
function _nexus_names
  for file in $argv[1]/$argv[2]*.yaml
    string replace -rf '.*/'$argv[2]'([A-Za-z0-9._-]*)\\.yaml$' '$1' -- $file
  end
end
function _nexus_stacks; _nexus_names $_nexus_root Pulumi.; end
function _nexus_regions
  set -l words (commandline -opc)
  set -l stack dev
  for i in (seq (count $words))
    string match -qr -- '^(-s|--stack)$' $words[$i]; and set stack $words[(math $i + 1)]
    string match -qr -- '^--stack=' $words[$i]; and set stack (string replace -- --stack= '' $words[$i])
  end
  set -l settings $_nexus_root/Pulumi.$stack.yaml
  set -l folder
  test -r $settings; and set folder (string replace -rf '^ *["\\']*nexus:regionsDir["\\']*: *["\\']*([^"\\' #]*).*' '$1' < $settings)
  test -n "$folder"; or set folder regions/$stack
  string match -q '/*' -- $folder; or set folder $_nexus_root/$folder
  _nexus_names $folder ""
end
complete -c nexus -e
complete -c nexus -f
${commands.flatMap(lines).join("\n")}
`;
}

function lines({ path, commands, options, argument }: CompletionCommand): string[] {
  const here = `complete -c nexus -n ${quoted(`_nexus_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ name, about }) => `${here} -a ${name} -d ${quoted(about)}`),
    ...options.map((option) => `${here}${optionWords(option)}`),
    ...(argument.kind === "none" ? [] : [`${here} ${offer(argument)}`]),
  ];
}

function optionWords({ names, about, value }: CompletionOption): string {
  const switches = names.map((name) =>
    name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`,
  );
  return `${switches.join("")} -d ${quoted(about)}${value ? ` -x ${offer(value)}` : ""}`.trimEnd();
}

function offer(value: Values): string {
  switch (value.kind) {
    case "words":
      return `-a ${quoted(value.words.join(" "))}`;
    case "stacks":
      return "-a '(_nexus_stacks)'";
    case "regions":
      return "-a '(_nexus_regions)'";
    case "folders":
      return "-a '(__fish_complete_directories)'";
    default:
      return "";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
