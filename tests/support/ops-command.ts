import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../lib/postgres/session";
import { project } from "../../toolchain/bootstrap/places";
import type { Finished } from "./stack";

interface Started {
  child: ChildProcess;
  ended: Promise<Finished>;
}

/** Commands of ops/ on a database of a test, as make runs them with `STACK=` empty. */
export class OpsCommands {
  /** The working directory: the migrations below it are those of the test. */
  private readonly folder = mkdtempSync(join(tmpdir(), "hma-test-"));
  readonly env: NodeJS.ProcessEnv;

  /** @param migrations their folder */
  constructor(migrations: string, { host, port, database, user, password, caFile }: Connection) {
    mkdirSync(join(this.folder, "sql"));
    symlinkSync(migrations, join(this.folder, "sql/migrations"));
    const variables = { PGHOST: host, PGDATABASE: database, PGUSER: user, PGPASSWORD: password, PGSSLROOTCERT: caFile };
    this.env = { PATH: process.env["PATH"], HOME: this.folder, STACK: "", PGPORT: String(port), ...variables };
  }

  /**
   * @param file below ops/, e.g. `migrations/status.ts`
   * @param timeout when it is ended, in milliseconds
   */
  start(file: string, env: NodeJS.ProcessEnv = {}, timeout = 120_000): Started {
    const args = ["--require", join(project, "runtime/compile.cjs"), join(project, "ops", file)];
    const child = spawn(process.execPath, args, { cwd: this.folder, env: { ...this.env, ...env }, timeout });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = new Promise<Finished>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    return { child, ended };
  }

  run(file: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.start(file, env).ended;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
