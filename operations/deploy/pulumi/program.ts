import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/server";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { program } from "../../../program";
import { traceOf } from "../../traces";
import type { PulumiPlace } from "./process";

/** The SDK's server of a program for Pulumi's Automation API (3.276.0). Exported, and left out of the typings. */
const { LanguageServer } = automation as unknown as {
  LanguageServer: new (
    program: () => Promise<pulumi.Inputs>,
  ) => UntypedServiceImplementation & {
    run(call: unknown, callback: sendUnaryData<RunResponse>): Promise<void>;
  };
};

/**
 * Serves the program to one run of pulumi from this process: it is loaded already, and preview and update share it.
 * @param run is given the argument that tells pulumi where the program is
 */
export async function withProgram<T>(place: PulumiPlace, run: (args: string[]) => Promise<T>): Promise<T> {
  const server = new Server({ "grpc.max_receive_message_length": 400 * 2 ** 20 });
  server.addService(LanguageRuntimeService, languageServer(place));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  try {
    return await run([`--client=127.0.0.1:${port}`]);
  } finally {
    server.forceShutdown();
  }
}

/**
 * As Pulumi's own host of programs does: what goes wrong in the program is shown as the program's, and pulumi is told
 * that it has been shown.
 */
function languageServer({ cwd, env }: PulumiPlace): UntypedServiceImplementation {
  const server = new LanguageServer(async () => {
    try {
      return { addresses: await program({ projectDir: cwd, env }) };
    } catch (error) {
      await pulumi.log.error(wordsOf(error)).catch(() => undefined);
      throw error;
    }
  });
  const run = server.run.bind(server);
  server.run = (call, callback) =>
    run(call, (error, response) => {
      const shown = new RunResponse();
      shown.setBail(true);
      callback(null, error ? shown : response);
    });
  return server;
}

function wordsOf(error: unknown): string {
  if (pulumi.RunError.isInstance(error)) return error.message;
  const words = error instanceof Error ? traceOf(error) : String(error);
  return `Running program failed with an unhandled exception:\n${words}`;
}
