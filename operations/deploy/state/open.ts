import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiPlace } from "../pulumi/process";
import { chooseState, type StateChoice } from "./choose";
import { backendFolder, removeEmptyAttributes } from "./fileBackend";
import { findLogin } from "./login";
import { ensurePassphrase } from "./passphrase";
import { projectFacts, settingsForPulumi, settingsPath, stackFacts } from "./settingsFile";

/** Folder of this checkout's own state; ignored by git. */
export const OWN_FOLDER = ".nexus";

/** A stack whose state and secrets pulumi can open. */
export interface OpenStack {
  projectDir: string;
  project: string;
  /** Name of the stack: that of its settings file. */
  stack: string;
  /** Name for pulumi, with organisation and project if they were given. */
  qualified: string;
  environment: string;
  state: StateChoice;
  /** Address of the backend. */
  backend: string;
  /** Copy of the settings that pulumi may write to. */
  settingsCopy: string;
  place: PulumiPlace;
  /** Variables that make a plain `pulumi` work on the same state. Values are addresses and paths, never secrets. */
  variables: Record<string, string>;
  /** Removes a throw-away state. Does nothing for others. */
  close(): void;
}

/** `change`: the real state. `preview`: that, or a throw-away one where none is chosen. `throwaway`: never the real one. */
export type Purpose = "change" | "preview" | "throwaway";

/**
 * Chooses the stack's state and makes what it needs: folder, passphrase file, copy of the settings. What a killed run
 * left unreadable is readable afterwards.
 * @param qualified the stack's name, with organisation and project where the backend has them
 * @param secretsProvider where it is given in place of the settings, as when the stack is to be made with it
 * @throws Failure (bad input) when a production stack has no backend or secrets provider.
 */
export function openStack(
  projectDir: string,
  qualified: string,
  purpose: Purpose,
  secretsProvider?: string,
): OpenStack {
  const { env } = process;
  const stack = shortName(qualified);
  const { project, backend: projectBackend } = projectFacts(projectDir);
  const facts = stackFacts(projectDir, stack);
  const state: StateChoice =
    purpose === "throwaway"
      ? { kind: "throwaway", from: "it is not in its backend", passphrase: "generated" }
      : chooseState({
          stack,
          ...facts,
          ...(secretsProvider && { secretsProvider }),
          env,
          login: findLogin(env),
          projectBackend,
          previewOnly: purpose === "preview",
        });

  const folder =
    state.kind === "throwaway" ? mkdtempSync(join(tmpdir(), "nexus-preview-")) : join(projectDir, OWN_FOLDER);
  const backend = state.backend ?? fileBackend(join(folder, "state"));
  const local = backendFolder(backend, projectDir);
  if (local) removeEmptyAttributes(local);
  const variables = variablesOf(state, backend, passphraseFile(state, folder, stack));
  return {
    projectDir,
    project,
    stack,
    qualified: state.kind === "given" ? qualified : stack,
    environment: facts.environment,
    state,
    backend,
    settingsCopy: copySettings(projectDir, stack, folder, KEYS_IN_COPY[state.kind]),
    place: {
      cwd: projectDir,
      env: {
        ...env,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_STACK: state.kind === "given" ? qualified : stack,
        ...variables,
      },
    },
    variables,
    close: () => {
      if (state.kind === "throwaway") rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** "organisation/project/stack" means the last part. */
export function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

function fileBackend(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return pathToFileURL(folder).href;
}

function passphraseFile(state: StateChoice, folder: string, stack: string): string | undefined {
  if (state.passphrase !== "generated") return undefined;
  const file = join(folder, `passphrase-${stack}`);
  ensurePassphrase(file);
  return file;
}

function variablesOf(state: StateChoice, backend: string, passphrase?: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: backend,
    ...(passphrase && { PULUMI_CONFIG_PASSPHRASE_FILE: passphrase }),
    ...(state.credentials && { PULUMI_CREDENTIALS_PATH: state.credentials }),
    // The salt is in the state; without this, pulumi makes a new one whenever the settings file has none.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  };
}

/** What becomes of the keys that the settings file names: see `settingsForPulumi`. */
const KEYS_IN_COPY = { throwaway: "drop", own: "drop unless used", given: "keep" } as const;

function copySettings(
  projectDir: string,
  stack: string,
  folder: string,
  ownKeys: "drop" | "drop unless used" | "keep",
): string {
  const source = settingsPath(projectDir, stack);
  const copies = join(folder, "settings");
  mkdirSync(copies, { recursive: true, mode: 0o700 });
  const copy = join(copies, `Pulumi.${stack}.yaml`);
  const text = existsSync(source) ? readFileSync(source, "utf8") : "";
  writeFileSync(copy, settingsForPulumi(text, ownKeys), { mode: 0o600 });
  return copy;
}
