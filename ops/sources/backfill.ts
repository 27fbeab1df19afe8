import { webhookSourceNames } from "../../catalog/webhook-sources";
import { command } from "../../lib/command";
import { UserError } from "../../lib/errors";
import { connectionFromEnvironment } from "../../lib/postgres/environment";
import { withSession } from "../../lib/postgres/session";
import { refuseProtected } from "../protected";

const nothing = "No source was set back:";

/**
 * `make backfill NAME=trail_cameras`: has the next poll ask a source from its beginning again, or with TO=... from that
 * position on, in the source's own terms. What is there already is kept once; what was tidied away after its 30 days
 * comes as new. For local stacks alone.
 */
command("backfill NAME=...", async () => {
  const source = chosen(process.env["NAME"] ?? "", webhookSourceNames);
  const position = process.env["TO"] ?? "";
  await withSession(connectionFromEnvironment(process.env), "hma-backfill", undefined, async (client) => {
    await refuseProtected(client, nothing, "its sources are polled, and tell of events by webhooks");
    if (position === "") {
      await client.query("DELETE FROM events.ingestion_cursors WHERE source = $1", [source]);
      return;
    }
    const setBack = "UPDATE events.ingestion_cursors SET position = $2 WHERE source = $1";
    const { rowCount } = await client.query(setBack, [source, position]);
    if (rowCount === 0) throw neverRead(source);
  });
  const from = position === "" ? "its beginning" : position;
  process.stdout.write(`${source} is read from ${from} again by the next poll.\nNext: POST /api/sync, or wait for it\n`);
});

function chosen(name: string, all: readonly string[]): string {
  if (all.includes(name)) return name;
  const mend = `known are ${all.join(", ")}`;
  throw new UserError(nothing, [{ where: `NAME=${name}`, what: "is no outside source", mend }]);
}

function neverRead(source: string): UserError {
  const mend = "leave TO out: the next poll begins at its beginning";
  return new UserError(nothing, [{ where: `TO of ${source}`, what: "it has never been read", mend }]);
}
