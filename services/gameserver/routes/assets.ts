/** Files of the region, kept by its storage (WebDAV). Only the server holds the storage's token. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context";

const ANSWER_MS = 5000;

const params = {
  type: "object",
  properties: { name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$" } },
  required: ["name"],
} as const;

interface Route {
  Params: { name: string };
}

export function assetRoutes(app: FastifyInstance, { config: { storage } }: Context): void {
  if (!storage) return;
  const ask = (name: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${storage.url}/${name}`, {
      ...init,
      headers: { Authorization: `Bearer ${storage.token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: "error",
    });

  app.register(async (scope) => {
    // A file is a file: no parsing, whatever its type.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));

    scope.put<Route>("/api/v1/assets/:name", { schema: { params } }, async (request, reply) => {
      const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
      const { ok, status } = await ask(request.params.name, { method: "PUT", body: new Uint8Array(body) });
      if (!ok) return reply.code(502).send({ error: "storage", message: `The storage answered ${status}.` });
      return reply.code(201).send({ name: request.params.name, bytes: body.length });
    });

    scope.get<Route>("/api/v1/assets/:name", { schema: { params } }, async (request, reply) => {
      const answer = await ask(request.params.name);
      if (answer.status === 404)
        return reply.code(404).send({ error: "not_found", message: "There is no such file." });
      if (!answer.ok)
        return reply.code(502).send({ error: "storage", message: `The storage answered ${answer.status}.` });
      return reply.type("application/octet-stream").send(Buffer.from(await answer.arrayBuffer()));
    });
  });
}
