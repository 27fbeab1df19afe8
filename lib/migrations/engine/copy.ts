import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { PlainError } from "../../errors";
import { withSession } from "../../postgres/session";
import { applicationName, type Target } from "./target";

const script = readFileSync(join(__dirname, "copy.sh"), "utf8");

/** A copy of a database: two sessions in it, as the role that owns the schemas. */
export interface Copy {
  /** In which the migrations run. */
  client: Client;
  /** From which the other is looked at. */
  observer: Client;
}

/**
 * Does `work` on a copy of the target's database, on the same server. It is there for as long as that takes and, when
 * this process is killed, no longer.
 *
 * @param container of the server
 * @param making goes around the making of it
 * @throws PlainError where no copy can be made
 */
export async function withCopy<T>(
  container: string,
  { connection, signal }: Target,
  making: (make: () => Promise<void>) => Promise<void>,
  work: (copy: Copy) => Promise<T>,
): Promise<T> {
  const { database, user } = connection;
  // Always the same, so that the next one takes away what a crash of the server left.
  const copy = { ...connection, database: `hma_plan_${database}` };
  const held = hold(container, database, copy.database, user);
  try {
    await making(held.make);
    return await withSession(copy, applicationName, signal, (client) =>
      withSession(copy, applicationName, signal, (observer) => {
        held.entered();
        return work({ client, observer });
      }),
    );
  } finally {
    await held.release();
  }
}

/** Runs copy.sh, from `make` on. */
function hold(container: string, database: string, copy: string, role: string) {
  const args = ["exec", "--interactive", container, "bash", "-c", script, "copy.sh", database, copy, role];
  let child: ChildProcessWithoutNullStreams | undefined;
  let ended: Promise<void> | undefined;
  const make = () =>
    new Promise<void>((resolve, reject) => {
      child = spawn("docker", args, { stdio: "pipe" });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      child.stdout.once("data", () => resolve());
      // It may be gone before it reads; then that is told by what it said.
      child.stdin.on("error", () => undefined);
      child.on("error", ({ message }) => (said += message));
      ended = new Promise((end) => {
        child!.on("close", () => {
          reject(new PlainError(`cannot copy database ${database} in container ${container}:\n${said.trimEnd()}`));
          end();
        });
      });
    });
  const release = async () => {
    child?.stdin.end();
    await ended;
  };
  return { make, entered: () => void child?.stdin.write("\n"), release };
}
