import { version } from "../package.json";
import { ConfigError, loadConfig, type CommonConfig, type ServiceConfig, type SettingsReader } from "./config";
import { endGently } from "./http/end-gently";
import type { Server } from "./http/types";
import { createLog, type Log } from "./log";
import { reportFailure } from "./telemetry/failures";
import { startTelemetry, stopTelemetry } from "./telemetry/telemetry";

/** Time to finish running requests after the signal to stop, in milliseconds: less than Docker's 10 s until SIGKILL. */
const stopLimitMs = 8000;

export interface Service<More extends object> {
  name: string;
  /** Reads what this service alone has of settings. */
  readConfig: (read: SettingsReader) => More;
  /** Makes its server, which closes all that it opened when it is closed. */
  createApp: (config: ServiceConfig & More, log: Log) => Promise<Server>;
}

/** Runs a service until it is told to stop. Exits with 1 where it cannot start. */
export async function serve<More extends object>({ name, readConfig, createApp }: Service<More>): Promise<void> {
  await run(name, () => loadConfig(readConfig), createApp);
}

/** The same for a process that reads its settings itself. */
export async function run<Config extends CommonConfig>(
  name: string,
  load: () => Config,
  createApp: (config: Config, log: Log) => Promise<Server>,
): Promise<void> {
  const service = { name, version };
  const log = createLog(service);
  endAtUncaught(log);
  try {
    const config = load();
    log.level = config.logLevel;
    await startTelemetry(config.telemetry, service, log);
    await start(config, createApp, log);
  } catch (error) {
    if (error instanceof ConfigError) log.fatal({ problems: error.problems }, "cannot start with this environment");
    else log.fatal({ err: error }, "cannot start");
    reportFailure(error, { during: "start" });
    process.exitCode = 1;
    await stopTelemetry();
  }
}

async function start<Config extends CommonConfig>(
  config: Config,
  createApp: (config: Config, log: Log) => Promise<Server>,
  log: Log,
): Promise<void> {
  const server = await createApp(config, log);
  stopOnSignal(() => endGently(server).finally(stopTelemetry), log);
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

/** Ends the process as Node does, but with a line of log and a report. */
function endAtUncaught(log: Log): void {
  process.once("uncaughtException", (error, origin) => {
    log.fatal({ err: error }, "an error that nobody caught");
    reportFailure(error, { during: origin });
    void stopTelemetry().finally(() => process.exit(1));
  });
}
