import type Docker from "dockerode";
import { count, listed, say } from "../../cli/say";
import { CredentialError } from "../../images/errors";
import { absentImages, FetchError, type FetchEvent, fetchImages } from "../../images/fetch";
import type { PullProgress } from "../../images/pull";
import { isLocalImage } from "../../images/reference";
import { refsOf } from "../../images/table";
import type { Platform } from "../../platform";
import { badInput } from "../failure";

/** Without a terminal each step is a line of a log. */
const LOG_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 200;

/**
 * Brings what the stack runs and the host lacks to the host, before anything there is changed.
 * @throws Stop (exit code 2) with every image that could not be had
 */
export async function fetchMissing(platform: Platform, projectDir: string, docker: Docker): Promise<void> {
  const { settings, images } = platform;
  const report = new Report(process.stderr.isTTY === true);
  try {
    await fetchImages({
      docker,
      // Whether the local ones are there is the preflight's question.
      refs: refsOf(images).filter((ref) => !isLocalImage(ref)),
      logins: { registries: settings.registries, projectDir },
      onProgress: (event) => report.on(event),
    });
  } catch (error) {
    if (error instanceof FetchError) throw badInput(error.message);
    if (error instanceof CredentialError) throw badInput(`Nothing was changed.\n${error.message}`);
    throw error;
  } finally {
    report.end();
  }
}

/** For a preview: which images `up` would fetch first. */
export async function sayMissing(platform: Platform, docker: Docker): Promise<void> {
  const refs = refsOf(platform.images).filter((ref) => !isLocalImage(ref));
  const missing = await absentImages(docker, refs);
  if (missing.length === 0) return;
  say(
    `\`up\` first fetches ${count(missing.length, "image")} that the Docker host does not have: ${listed(missing)}`,
  );
}

/** One line that changes on a terminal, plain lines elsewhere. */
class Report {
  private readonly progress = new Map<string, PullProgress>();
  private fetched = 0;
  private wanted = 0;
  private last = Date.now();
  private drawn = "";

  constructor(private readonly terminal: boolean) {}

  on(event: FetchEvent): void {
    if (event.kind === "begun") {
      this.wanted = event.missing.length;
      say(`Fetching ${count(this.wanted, "image")} to the Docker host: ${listed([...event.missing])}`);
      return;
    }
    this.progress.set(event.ref, event.progress);
    if (event.kind === "fetched") {
      this.fetched += 1;
      this.clear();
      say(`fetched ${event.ref} (${sizeOf(event.progress)})`);
    } else if (Date.now() - this.last >= (this.terminal ? DRAW_EVERY_MS : LOG_EVERY_MS)) {
      this.draw();
    }
  }

  end(): void {
    this.clear();
  }

  private draw(): void {
    const line = summary(this.fetched, this.wanted, [...this.progress.values()]);
    this.last = Date.now();
    if (this.terminal) process.stderr.write(`\r\u001b[K${line}`);
    else if (line !== this.drawn) say(line);
    this.drawn = line;
  }

  private clear(): void {
    if (this.terminal && this.drawn !== "") process.stderr.write("\r\u001b[K");
    this.drawn = "";
  }
}

/** "2 of 5 images, 17 of 40 layers, 120.5 of 400MB so far". Pure. */
export function summary(fetched: number, wanted: number, progress: PullProgress[]): string {
  const sum = (key: keyof PullProgress): number => progress.reduce((total, each) => total + each[key], 0);
  return (
    `fetching: ${fetched} of ${count(wanted, "image")}, ${sum("layersDone")} of ${count(sum("layers"), "layer")}, ` +
    `${formatMegabytes(sum("bytesDone"))} of ${formatMegabytes(sum("bytes"))} known so far`
  );
}

function sizeOf({ layers, bytes }: PullProgress): string {
  return `${count(layers, "layer")}, ${formatMegabytes(bytes)}`;
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
