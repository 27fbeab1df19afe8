import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/free-port";

interface TellingArgs {
  /** A collector's address. */
  collector?: string;
  sentryDsn?: string;
  failsAtStart?: boolean;
}

/** `telling-service.ts` as a process of its own. */
export class TellingProcess {
  /** What it has logged. */
  log = "";
  private readonly ended: Promise<number | null>;

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    this.ended = once(child, "exit").then(([code]) => code as number | null);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (piece: string) => (this.log += piece));
    }
  }

  /** Resolves when it listens, or has ended. */
  static async start({ collector, sentryDsn, failsAtStart }: TellingArgs): Promise<TellingProcess> {
    const folder = await mkdtemp(join(tmpdir(), "hma-test-"));
    const secrets = { "ca.crt": "none", "database-password": "none", ...(sentryDsn && { "sentry-dsn": sentryDsn }) };
    for (const [name, content] of Object.entries(secrets)) await writeFile(join(folder, name), content);
    const port = await freePort();
    const environment = {
      ...{ PATH: process.env["PATH"], PORT: String(port), SECRETS_DIR: folder, ENVIRONMENT_NAME: "test" },
      ...{ DATABASE_HOST: "none", DATABASE_PORT: "1", DATABASE_NAME: "none", DATABASE_USER: "none" },
      ...(collector && { TRACES_ENDPOINT: collector, TRACES_SAMPLE_PERCENT: "100" }),
      ...(sentryDsn && { SENTRY: "on" }),
      ...(failsAtStart && { FAILS_AT_START: "yes" }),
    };
    const program = ["--require", "./runtime/compile.cjs", "tests/services/support/telling-service.ts"];
    const child = spawn(process.execPath, program, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const telling = new TellingProcess(`http://127.0.0.1:${port}`, child, folder);
    const listens = new Promise<void>((resolve) => {
      child.stdout.on("data", () => telling.log.includes("Server listening") && resolve());
    });
    await Promise.race([listens, telling.ended]);
    return telling;
  }

  /** Its exit code, and how long it took to end, in milliseconds. @param signal that it is sent; default: none */
  async end(signal?: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }> {
    const start = Date.now();
    if (signal) this.child.kill(signal);
    const code = await this.ended;
    return { code, tookMs: Date.now() - start };
  }

  async close(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
