import { Problem, problems } from "./problem";
import type { Server } from "./types";

const failures = { "/bad-request": 400, "/unprocessable": 422, "/server-error": 500 } as const;

/** Endpoints that fail on purpose, for client developers; not in prod. */
export function simulateFailures(server: Server): void {
  for (const [path, status] of Object.entries(failures)) {
    const schema = { tags: ["simulation"], summary: `Always fails with ${status}`, response: problems(status) };
    server.get(path, { config: { access: "public" }, schema }, async () => {
      throw status === 500 ? new Error("simulated") : new Problem(status, undefined, { detail: "Simulated" });
    });
  }
}
