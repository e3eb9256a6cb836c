import { badInput } from "../../failure";
import type { Login } from "./login";

/** What the choice depends on. */
export interface StateQuestion {
  stack: string;
  /** `nexus:environment` of the stack. */
  environment: string;
  env: NodeJS.ProcessEnv;
  /** The person's own `pulumi login`. */
  login?: Login;
  /** `backend.url` of Pulumi.yaml. */
  projectBackend?: string;
  /** `secretsprovider` of Pulumi.<stack>.yaml. */
  secretsProvider?: string;
  /** May a throw-away state do? Only for a preview, which keeps nothing. */
  previewOnly: boolean;
}

/** Where a stack's state is, and what opens its secrets. */
export interface StateChoice {
  /** `own`: a file in .nexus. `given`: the person's. `throwaway`: a temporary folder, for a preview only. */
  kind: "own" | "given" | "throwaway";
  /** Address of a given backend; own and throw-away ones are made later. */
  backend?: string;
  /** Who chose it, in words. */
  from: string;
  /** Folder with the login that the backend needs. */
  credentials?: string;
  /** `given`: the person's variable. `generated`: a file of ours. `none`: the backend or a key service does it. */
  passphrase: "given" | "generated" | "none";
}

/** What pulumi uses when it has a token and no other address. */
const PULUMI_CLOUD = "https://api.pulumi.com";

/**
 * Decides where the state of a stack is. What a person chose themselves always wins. A stack in production has no
 * default: its state must outlive this checkout, and its passphrase must not lie beside it.
 * @throws Failure (bad input) when a production stack has no backend or no secrets provider.
 */
export function chooseState(question: StateQuestion): StateChoice {
  const given = givenBackend(question);
  const production = question.environment === "production";
  if (!given && !production) {
    return {
      kind: "own",
      from: "kept in .nexus, as this stack is not in production",
      passphrase: hasPassphrase(question) ? "given" : "generated",
    };
  }
  if (given) {
    const passphrase = passphraseFor(question, given.backend);
    if (passphrase) return { kind: "given", ...given, passphrase };
  }
  if (question.previewOnly && !given) {
    return { kind: "throwaway", from: "no backend is chosen", passphrase: "generated" };
  }
  throw badInput(given ? noSecretsProvider(question, given.backend) : noBackend(question.stack));
}

function givenBackend({ env, login, projectBackend }: StateQuestion) {
  if (env.PULUMI_BACKEND_URL) return { backend: env.PULUMI_BACKEND_URL, from: "PULUMI_BACKEND_URL" };
  if (projectBackend) return { backend: projectBackend, from: "backend.url in Pulumi.yaml" };
  if (login) return { backend: login.backend, from: "your pulumi login", credentials: login.folder };
  if (env.PULUMI_ACCESS_TOKEN) return { backend: PULUMI_CLOUD, from: "PULUMI_ACCESS_TOKEN" };
  return undefined;
}

function passphraseFor(question: StateQuestion, backend: string): StateChoice["passphrase"] | undefined {
  const { environment, secretsProvider } = question;
  if (hasPassphrase(question)) return "given";
  if (backend.startsWith("https://") || backend.startsWith("http://")) return "none";
  if (secretsProvider && secretsProvider !== "passphrase" && secretsProvider !== "default") return "none";
  return environment === "production" ? undefined : "generated";
}

/** An empty passphrase is a choice that pulumi accepts, but not in production: a CI system passes a missing secret so. */
function hasPassphrase({ env, environment }: StateQuestion): boolean {
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = env;
  return (environment === "production" ? Boolean(passphrase) : passphrase !== undefined) || Boolean(file);
}

function noBackend(stack: string): string {
  return `Stack "${stack}" is in production and has no backend, the place where Pulumi keeps its state. Nothing was changed.

Choose one, for example:
  export PULUMI_BACKEND_URL=file:///srv/pulumi-state      a folder on a backed-up disk
  export PULUMI_BACKEND_URL=s3://my-bucket/nexus          S3, or gs:// and azblob:// likewise
  pulumi login                                            Pulumi Cloud

${secretsHelp(stack)}`;
}

function noSecretsProvider({ stack }: StateQuestion, backend: string): string {
  return `Stack "${stack}" is in production, its state is at ${backend}, and nothing says how its secrets are encrypted. Nothing was changed.

${secretsHelp(stack)}`;
}

function secretsHelp(stack: string): string {
  return `Choose a secrets provider (Pulumi Cloud brings its own):
  export PULUMI_CONFIG_PASSPHRASE_FILE=/path/to/file      a passphrase; keep a copy, it cannot be recovered
  npm run pulumi -- stack init ${stack} --secrets-provider="awskms://alias/nexus?region=eu-central-1"
                                                          a key service (awskms, gcpkms, azurekeyvault, hashivault);
                                                          commit what it writes to Pulumi.${stack}.yaml`;
}
