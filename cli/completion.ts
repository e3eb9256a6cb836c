import type { Argument, Command, Option } from "commander";
import { COMMANDS, type Command as SetupCommand } from "../setup/commands";

/** A command as bash completes it; what is offered is in the words of `compgen -W`, which expands them. */
interface Completed {
  /** Its words: "" is the program itself, "region add" a command of a command. */
  path: string;
  /** Commands below it, or what its argument can be. */
  words: string;
  /** `offers` is what an option that takes a value makes of the next word. */
  options: { names: string[]; offers?: string }[];
}

const REGIONS = '$(_nexus_regions "$stack")';
const FOLDERS = 'COMPREPLY=($(compgen -d -- "$cur"))';

/**
 * A function `nexus` and its completion, for bash. Region names are read from the files when Tab is pressed, by the
 * shell alone: starting Node takes too long for that.
 */
export function bashScript(program: Command, root: string): string {
  const commands = completed(program);
  return `# nexus and its completion for bash: eval "$(npm run -s completion -- bash)"
_nexus_root=${quoted(root)}
nexus() { node "$_nexus_root/setup/run.js" "$@"; }
_nexus_names() {
  local file
  for file in "$1"/$2*$3; do
    file=\${file##*/$2}
    file=\${file%$3}
    # compgen expands what it is given: a file's name must not become a command.
    case $file in *[!A-Za-z0-9._-]*) ;; *) echo "$file" ;; esac
  done
}
_nexus_stacks() { _nexus_names "$_nexus_root" Pulumi. .yaml; }
_nexus_regions() {
  local folder
  folder=$(sed -n "s/^ *[\\"']*nexus:regionsDir[\\"']*: *[\\"']*\\([^\\"' #]*\\).*/\\1/p" "$_nexus_root/Pulumi.$1.yaml" 2>/dev/null)
  folder=\${folder:-regions/$1}
  case $folder in /*) ;; *) folder=$_nexus_root/$folder ;; esac
  _nexus_names "$folder" "" .yaml
}
_nexus() {
  local typed="" colon=""
  # Bash makes words of its own of "images:pin" ...
  if [ "\${COMP_WORDS[2]}" = ":" ]; then
    colon="\${COMP_WORDS[1]}:"
    COMP_WORDS=("\${COMP_WORDS[0]}" "$colon\${COMP_WORDS[3]}" "\${COMP_WORDS[@]:4}")
    COMP_CWORD=$((COMP_CWORD > 3 ? COMP_CWORD - 2 : 1))
  fi
  COMPREPLY=()
  _nexus_offer
  [ "$COMP_CWORD" = 1 ] && COMPREPLY=("\${COMPREPLY[@]#"$colon"}")
  COMPREPLY=("\${COMPREPLY[@]/#/$typed}")
}
_nexus_offer() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at="" stack=dev i word value
  # ... and of "--stack=prod", which zsh leaves as it is.
  [ "$prev" = "=" ] && prev=\${COMP_WORDS[COMP_CWORD-2]}
  [ "$cur" = "=" ] && cur=""
  case $cur in --*=*) prev=\${cur%%=*} typed=\${cur%%=*}= cur=\${cur#*=} ;; esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [ "$word" = "--" ] && return
    case "$at $word" in
${indented(4, pathCases(commands))}
      *" -s" | *" --stack") value=\${COMP_WORDS[i+1]}; [ "$value" = "=" ] && value=\${COMP_WORDS[i+2]}; stack=\${value:-dev} ;;
      *" --stack="*) stack=\${word#*=} ;;
    esac
  done
  case "$at $prev" in
${indented(4, commands.flatMap(valueCases))}
  esac
  local offered=""
  case "$at" in
${indented(4, commands.map(wordCase))}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$cur"))
}
complete -F _nexus nexus
`;
}

/** The same for zsh, which understands bash's completions. */
export function zshScript(program: Command, root: string): string {
  return `# nexus and its completion for zsh: eval "$(npm run -s completion -- zsh)"
autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
${bashScript(program, root).split("\n").slice(1).join("\n")}`;
}

/** Everything that a shell can complete, read from the definitions of the program and of the set-up in front of it. */
function completed(program: Command): Completed[] {
  const [root, ...own] = describe(program, "");
  const known = program.commands.map((command) => command.name());
  const others = Object.entries(COMMANDS).filter(([name]) => !known.includes(name));
  const words = [...known, ...others.map(([name]) => name)].join(" ");
  return [{ path: "", options: [], ...root, words }, ...own, ...others.map(describeOther)];
}

function describe(command: Command, path: string): Completed[] {
  const [argument] = command.registeredArguments;
  const names = command.commands.map((child) => child.name());
  return [
    {
      path,
      words: names.length > 0 ? names.join(" ") : argument ? wordsFor(argument) : "",
      options: command.createHelp().visibleOptions(command).map(describeOption),
    },
    ...command.commands.flatMap((child) => describe(child, `${path} ${child.name()}`.trim())),
  ];
}

function wordsFor(argument: Argument): string {
  return argument.argChoices?.join(" ") ?? (/^regions?$/.test(argument.name()) ? REGIONS : "");
}

function describeOption(option: Option): Completed["options"][number] {
  const names = [option.long, option.short].filter((name): name is string => name != null);
  return option.required || option.optional ? { names, offers: offersOf(option) } : { names };
}

function offersOf({ long, argChoices, flags }: Option): string {
  if (argChoices) return offer(argChoices.join(" "));
  if (long === "--stack") return offer("$(_nexus_stacks)");
  const what = /[<[](\w+)/.exec(flags)?.[1];
  return what === "folder" ? FOLDERS : what === "region" ? offer(REGIONS) : ":";
}

/** A command of the set-up alone, whose options are texts such as `-s, --stack=NAME`. */
function describeOther([path, { options = [], words = [] }]: [string, SetupCommand]): Completed {
  return {
    ...{ path, words: words.join(" ") },
    options: options.map(([spec]) => {
      const [names = "", value] = spec.split("=");
      const offers = value?.includes("|") ? offer(value.replaceAll("|", " ")) : ":";
      return { names: names.split(", ").reverse(), ...(value !== undefined && { offers }) };
    }),
  };
}

function offer(words: string): string {
  return `COMPREPLY=($(compgen -W "${words}" -- "$cur"))`;
}

/** Which words lead from one command to the next. */
function pathCases(commands: Completed[]): string[] {
  const known = commands
    .filter(({ path }) => path !== "")
    .map(({ path }) => {
      const at = path.lastIndexOf(" ");
      return `"${path.slice(0, Math.max(at, 0))} ${path.slice(at + 1)}"`;
    });
  return [`${known.join(" | ")}) at="\${at:+$at }$word" ;;`];
}

/** After an option that takes a value. */
function valueCases({ path, options }: Completed): string[] {
  return options.flatMap(({ names, offers }) =>
    offers ? [`${names.map((name) => `"${path} ${name}"`).join(" | ")}) ${offers}; return ;;`] : [],
  );
}

function wordCase({ path, words, options }: Completed): string {
  const names = options.flatMap((option) => option.names.filter((name) => name.startsWith("--")));
  return `"${path}") case "$cur" in -*) offered="${names.join(" ")}" ;; *) offered="${words}" ;; esac ;;`;
}

function indented(spaces: number, lines: string[]): string {
  return lines.map((line) => " ".repeat(spaces) + line).join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
