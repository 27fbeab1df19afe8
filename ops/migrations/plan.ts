import { accessSpec } from "../../catalog/access";
import { roleNames, superuser } from "../../catalog/roles";
import { command, make } from "../../lib/command";
import { PlainError, UserError } from "../../lib/errors";
import { forecastPending } from "../../lib/migrations/engine/forecast";
import { readMigrations } from "../../lib/migrations/folder";
import { planText } from "./plan-text";
import { requireRoom } from "./room";
import { isYes, targetFromEnvironment } from "./target";

/** `make migrate-plan`: what is pending, run on a copy of the database; JSON=yes for programs. */
command("migrate-plan", async () => {
  const target = targetFromEnvironment();
  const files = readMigrations(target.directory);
  const { database } = target.connection;
  const verifiers = Object.fromEntries([superuser, ...roleNames].map((role) => [role, ""]));
  const forecast = await forecastPending(target, container(), files, accessSpec(database, verifiers), (bytes) =>
    requireRoom(database, bytes, isYes("CONFIRM")),
  );
  const failure = forecast.files.at(-1)?.failure;
  const next = failure === undefined && forecast.files.length > 0 ? make("migrate") : make("migrate-status");
  process.stdout.write(isYes("JSON") ? `${JSON.stringify(forecast, null, 2)}\n` : planText(forecast));
  if (failure !== undefined) throw new PlainError(failure);
  (isYes("JSON") ? process.stderr : process.stdout).write(`Next: ${next}\n`);
});

/** @throws UserError where nobody says it */
function container(): string {
  const name = process.env["POSTGRES_CONTAINER"];
  if (name) return name;
  const mend = "set it to the server's container on this machine: the copy is made inside, for no data is to leave it";
  throw new UserError("No server to make a copy on:", [{ where: "POSTGRES_CONTAINER", what: "is not set", mend }]);
}
