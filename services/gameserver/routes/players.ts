/** The players' connection: says hello, answers pings, echoes the rest. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context";
import { VERSION } from "../version";

export function playerRoutes(app: FastifyInstance, { config, players }: Context): void {
  app.get("/api/v1/ws/connect", { websocket: true }, (socket) => {
    const send = (message: object): void => socket.send(JSON.stringify(message));
    socket.on("error", () => socket.terminate());
    if (!players.add(socket)) {
      socket.close(1013, "the region is full");
      return;
    }
    send({
      type: "hello",
      service: config.service,
      region: config.region,
      version: VERSION,
      players: players.count,
      maxPlayers: config.maxPlayers,
    });
    socket.on("message", (data) => {
      const text = data.toString();
      send(
        text === "ping" || text === '{"type":"ping"}'
          ? { type: "pong", region: config.region }
          : { type: "echo", data: text },
      );
    });
  });
}
