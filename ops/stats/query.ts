import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError } from "pg";
import { command } from "../../lib/command";
import { PlainError } from "../../lib/errors";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { isYes } from "../migrations/target";
import { renderTable, type Row } from "./table";

const limitMs = 10_000;
const queryCanceled = "57014";

/** A make target that shows what one query of sql/queries gives: a table, or with JSON=yes an array of objects. */
export function showQuery(target: string, file: string, next: string): void {
  command(target, async () => {
    const query = readFileSync(join(__dirname, "../../sql/queries", file), "utf8");
    const rows = await withSession(connectionFromEnvironment(process.env), `hma-${target}`, undefined, async (client) => {
      await client.query(`SET statement_timeout = ${limitMs}`);
      return (await client.query<Row>(query).catch(explainTimeout)).rows;
    });
    process.stdout.write(isYes("JSON") ? `${JSON.stringify(rows, null, 2)}\n` : `${renderTable(rows)}\nNext: ${next}\n`);
  });
}

function explainTimeout(error: Error): never {
  if (!(error instanceof DatabaseError && error.code === queryCanceled)) throw error;
  throw new PlainError(
    `no answer within ${limitMs / 1000} s (${error.message}): the server is busy, or a session holds a lock. Who waits for whom:\n` +
      "  SELECT pid, pg_blocking_pids(pid), query FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0",
  );
}
