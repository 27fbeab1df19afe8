import { Type } from "typebox";
import { healthCheck, type Dependency } from "../stores/health";
import { isEnding } from "./end-gently";
import type { Server } from "./types";

const Alive = Type.Object({ status: Type.Literal("alive"), name: Type.String(), version: Type.String() });

const Readiness = Type.Object(
  {
    status: Type.Enum(["ok", "unavailable"]),
    dependencies: Type.Record(
      Type.String(),
      Type.Object({
        status: Type.Enum(["up", "down"]),
        latency_ms: Type.Number({ description: "Until it answered, failed or was given up" }),
        error: Type.Optional(Type.String()),
      }),
    ),
  },
  { $id: "Readiness" },
);

/**
 * `GET /` and `/health` tell that the process is alive, `/ready` whether all its stores answer and it
 * is not about to end.
 */
export function exposeProbes(
  server: Server,
  service: { name: string; version: string },
  dependencies: readonly Dependency[],
): void {
  server.addSchema(Readiness);
  const config = { access: "public", isProbe: true } as const;
  // Asked every few seconds: only failures are worth a line.
  const quiet = { config, logLevel: "warn" } as const;
  const alive = { tags: ["health"], summary: "Whether the process is alive", response: { 200: Alive } };
  server.get("/", { config, schema: alive }, async () => ({ status: "alive" as const, ...service }));
  server.get("/health", { ...quiet, schema: alive }, async () => ({ status: "alive" as const, ...service }));

  const check = healthCheck(dependencies, (dependency, error) => {
    server.log.warn({ dependency, err: error }, "a dependency does not answer");
  });
  const schema = {
    tags: ["health"],
    summary: "Whether each store answers, and how fast",
    response: { 200: Type.Ref("Readiness#"), 503: Type.Ref("Readiness#") },
  };
  server.get("/ready", { ...quiet, schema }, async (_request, reply) => {
    const { status: found, dependencies } = await check();
    const status = isEnding(server) ? "unavailable" : found;
    return reply
      .code(status === "ok" ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ status, dependencies });
  });
}
