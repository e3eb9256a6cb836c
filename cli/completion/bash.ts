import type { CompletionCommand, Values } from "./model";

/**
 * A function `nexus` and its completion, for bash. Region names are read from the files when Tab is pressed, by the
 * shell alone: starting Node takes too long for that.
 */
export function bashScript(commands: CompletionCommand[], root: string): string {
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
${indented(4, valueCases(commands))}
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
export function zshScript(commands: CompletionCommand[], root: string): string {
  return `# nexus and its completion for zsh: eval "$(npm run -s completion -- zsh)"
autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
${bashScript(commands, root).split("\n").slice(1).join("\n")}`;
}

/** Which words lead from one command to the next. */
function pathCases(commands: CompletionCommand[]): string[] {
  const known = commands
    .filter(({ path }) => path !== "")
    .map(({ path }) => {
      const at = path.lastIndexOf(" ");
      return `"${path.slice(0, Math.max(at, 0))} ${path.slice(at + 1)}"`;
    });
  return [`${known.join(" | ")}) at="\${at:+$at }$word" ;;`];
}

/** After an option that takes a value. */
function valueCases(commands: CompletionCommand[]): string[] {
  return commands.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value ? [`${names.map((name) => `"${path} ${name}"`).join(" | ")}) ${offer(value)}; return ;;`] : [],
    ),
  );
}

function wordCase({ path, commands, options, argument }: CompletionCommand): string {
  const names = options.flatMap(({ names }) => names.filter((name) => name.startsWith("--")));
  const words = [...commands.map(({ name }) => name), ...(argument.kind === "words" ? argument.words : [])];
  const regions = argument.kind === "regions" ? ' $(_nexus_regions "$stack")' : "";
  return `"${path}") case "$cur" in -*) offered="${names.join(" ")}" ;; *) offered="${words.join(" ")}${regions}" ;; esac ;;`;
}

function offer(value: Values): string {
  switch (value.kind) {
    case "words":
      return `COMPREPLY=($(compgen -W "${value.words.join(" ")}" -- "$cur"))`;
    case "stacks":
      return 'COMPREPLY=($(compgen -W "$(_nexus_stacks)" -- "$cur"))';
    case "regions":
      return 'COMPREPLY=($(compgen -W "$(_nexus_regions "$stack")" -- "$cur"))';
    case "folders":
      return 'COMPREPLY=($(compgen -d -- "$cur"))';
    default:
      return ":";
  }
}

function indented(spaces: number, lines: string[]): string {
  return lines.map((line) => " ".repeat(spaces) + line).join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
