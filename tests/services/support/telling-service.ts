import { loadSettings, readCommon } from "../../../services/shared/config";
import { createServer } from "../../../services/shared/http/server";
import type { Log } from "../../../services/shared/log";
import { run } from "../../../services/shared/serve";

/** A service without stores, to be run as a process of its own: what it does at its start and its end is `run`'s. */
async function createApp(_config: object, log: Log) {
  if (process.env["FAILS_AT_START"] === "yes") throw new Error("not today");
  const { server } = await createServer({
    service: { name: "telling", version: "0" },
    api: { title: "Telling", description: "Telling", version: "1.0.0" },
    dependencies: [],
    authenticate: () => Promise.reject(new Error("nobody logs in here")),
    simulations: true,
    log,
  });
  const config = { access: "public" } as const;
  server.get("/throws-later", { config }, async () => void setImmediate(throwLater));
  server.get("/rejects", { config }, async () => void Promise.reject(new Error("rejected")));
  return server;
}

function throwLater(): never {
  throw new Error("thrown later");
}

void run("telling", () => loadSettings(readCommon), createApp);
