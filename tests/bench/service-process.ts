import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../support/free-port";

export interface Settings {
  environment: Readonly<Record<string, string>>;
  /** Files that it reads its secrets from. */
  secrets: Readonly<Record<string, string>>;
}

/** A server in a process of its own, whose log goes to a file. */
export class ServiceProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  /**
   * Resolves when it answers.
   *
   * @param command makes its command of the port that it is to listen on
   * @param folder for its secrets and its log
   * @param ready path that answers 200 then
   */
  static async start(
    command: (port: number) => readonly [string, ...string[]],
    { environment, secrets }: Settings,
    folder: string,
    ready: string,
  ): Promise<ServiceProcess> {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(secrets)) {
      await writeFile(join(folder, name), content, { mode: 0o600 });
    }
    const port = await freePort();
    const [program, ...args] = command(port);
    const log = join(folder, "log");
    const file = openSync(log, "w");
    const env = { PATH: process.env["PATH"], ...environment, SECRETS_DIR: folder, PORT: String(port) };
    const child = spawn(program, args, { env, stdio: ["ignore", file, file] });
    closeSync(file);
    const service = new ServiceProcess(`http://127.0.0.1:${port}`, child, log);
    await service.until(ready);
    return service;
  }

  /** What it holds of the machine's memory, in MiB. */
  memory(): number {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))!;
    return Number(kilobytes) / 1024;
  }

  async stop(): Promise<void> {
    const ended = this.isOver ? undefined : once(this.child, "exit");
    this.child.kill("SIGTERM");
    await ended;
  }

  private get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async until(ready: string): Promise<void> {
    for (let left = 300; left > 0; left--) {
      const answer = await fetch(this.url + ready).catch(() => undefined);
      if (answer?.ok) return;
      if (this.isOver) break;
      await sleep(100);
    }
    await this.stop();
    throw new Error(`${this.child.spawnargs.join(" ")} did not start: ${readFileSync(this.log, "utf8")}`);
  }
}
