import { version } from "../package.json";
import { Cache } from "./cache";
import { ConfigError, loadConfig } from "./config";
import { Database } from "./database";
import { createLog, type Log } from "./log";
import { ObjectStore } from "./object-store";
import { createServer } from "./server";

/** Time to finish running requests after the signal to stop, in milliseconds: less than Docker's 10 s until SIGKILL. */
const stopLimitMs = 8000;

/** Runs a service until it is told to stop. Exits with 1 where it cannot start. */
export async function serve(name: string): Promise<void> {
  const service = { name, version };
  const log = createLog(service);
  try {
    await start(service, log);
  } catch (error) {
    if (error instanceof ConfigError) log.fatal({ problems: error.problems }, "cannot start with this environment");
    else log.fatal({ err: error }, "cannot start");
    process.exitCode = 1;
  }
}

async function start(service: { name: string; version: string }, log: Log): Promise<void> {
  const config = loadConfig();
  log.level = config.logLevel;
  const dependencies = [
    new Database(config, service.name, log),
    new Cache(config, service.name, log),
    new ObjectStore(config),
  ];
  const server = createServer({ service, dependencies, log });
  server.addHook("onClose", async () => {
    await Promise.all(dependencies.map((dependency) => dependency.close()));
  });
  stopOnSignal(async () => server.close(), log);
  try {
    await server.listen({ host: "0.0.0.0", port: config.port });
  } catch (error) {
    // Open connections to the stores would keep the process alive.
    await server.close();
    throw error;
  }
}

/** Ends the process in good order at SIGTERM or SIGINT; a second signal or an endless request is not waited for. */
function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  const onSignal = (signal: NodeJS.Signals) => {
    log.info({ signal }, "stopping");
    setTimeout(() => {
      log.error(`not finished after ${stopLimitMs} ms`);
      process.exit(1);
    }, stopLimitMs).unref();
    stop().catch((error: unknown) => {
      log.error({ err: error }, "did not stop in good order");
      process.exitCode = 1;
    });
  };
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
}
