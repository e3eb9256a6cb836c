import { Argument } from "commander";
import { bashScript, zshScript } from "../completion";
import { EXIT, type ExitCode } from "../exit";
import { ExplainedCommand, PROJECT_DIR } from "./options";

const SCRIPTS = { bash: bashScript, zsh: zshScript };
type Shell = keyof typeof SCRIPTS;

export function completionCommand(done: (code: ExitCode) => void): ExplainedCommand {
  const command = new ExplainedCommand("completion")
    .description(
      "print a script for your shell: a function `nexus` that completes commands, options and regions",
    )
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(SCRIPTS)))
    .examples([['eval "$(npm run -s completion -- bash)"', "then, in this shell: nexus region sc<Tab>"]], "")
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell](command.parent ?? command, PROJECT_DIR));
      done(EXIT.done);
    });
  return command;
}
