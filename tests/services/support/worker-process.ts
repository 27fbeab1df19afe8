import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { freePort } from "../../support/free-port";
import { workerDatabase } from "./queue";

/** The worker as a process of its own, to be killed. */
export class WorkerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Resolves when it has begun to take runs. */
  static async start(): Promise<WorkerProcess> {
    const folder = await mkdtemp(join(tmpdir(), "hma-test-"));
    const child = spawn(process.execPath, ["--require", "./runtime/compile.cjs", "services/worker/main.ts"], {
      env: { ...(await environmentIn(folder)), PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const worker = new WorkerProcess(child, folder);
    let log = "";
    const listens = new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (piece: string) => {
        log += piece;
        if (log.includes("Server listening")) resolve();
      });
      child.once("exit", () => reject(new Error(`the worker did not start: ${log}`)));
    });
    await listens.catch(async (error: unknown) => {
      await worker.kill();
      throw error;
    });
    return worker;
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const ended = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, "exit") : undefined;
    this.child.kill(signal);
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the worker is told on the stores of this run, but for its port and its folder. */
export function workerSettings(): { environment: Record<string, string>; secrets: Record<string, string> } {
  const { ca, database } = workerDatabase();
  const { endpoint, accessKey, secretKey } = inject("stores").objectStore;
  return {
    environment: {
      CONCURRENCY: "4",
      DATABASE_HOST: database.host,
      DATABASE_PORT: String(database.port),
      DATABASE_NAME: database.name,
      DATABASE_USER: database.user,
      MINIO_ENDPOINT: endpoint,
      MINIO_BUCKET: "huntmaster-media",
      MINIO_UPLOADS_BUCKET: "huntmaster-uploads",
    },
    secrets: {
      "ca.crt": ca,
      "database-password": database.password,
      "minio-access-key": accessKey,
      "minio-secret-key": secretKey,
    },
  };
}

async function environmentIn(folder: string): Promise<Record<string, string>> {
  const { environment, secrets } = workerSettings();
  for (const [name, content] of Object.entries(secrets)) await writeFile(join(folder, name), content, { mode: 0o600 });
  return { ...environment, SECRETS_DIR: folder, SCRATCH: join(folder, "scratch"), PORT: String(await freePort()) };
}
