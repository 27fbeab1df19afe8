import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../lib/command";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { isYes } from "../migrations/target";
import { renderTable, type Row } from "./table";

/** A make target that shows what one query of sql/queries gives: a table, or with JSON=yes an array of objects. */
export function showQuery(target: string, file: string, next: string): void {
  command(target, async () => {
    const query = readFileSync(join(__dirname, "../../sql/queries", file), "utf8");
    const rows = await withSession(connectionFromEnvironment(process.env), `hma-${target}`, undefined, async (client) => {
      await client.query("SET statement_timeout = '10s'");
      return (await client.query<Row>(query)).rows;
    });
    process.stdout.write(isYes("JSON") ? `${JSON.stringify(rows, null, 2)}\n` : `${renderTable(rows)}\nNext: ${next}\n`);
  });
}
