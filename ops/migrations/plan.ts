import { accessSpec } from "../../catalog/access";
import { roleNames, superuser } from "../../catalog/roles";
import { command, make } from "../../lib/command";
import { PlainError, UserError } from "../../lib/errors";
import { forecastPending } from "../../lib/migrations/engine/forecast";
import { readMigrations } from "../../lib/migrations/folder";
import { size } from "../../lib/migrations/forecast/summary";
import { planText } from "./plan-text";
import { isYes, targetFromEnvironment } from "./target";

/** Of databases up to this size a copy is made without asking, in bytes. */
const freely = 10 * 1024 ** 3;

/** `make migrate-plan`: what is pending, run on a copy of the database; JSON=yes for programs. */
command("migrate-plan", async () => {
  const target = targetFromEnvironment();
  const files = readMigrations(target.directory);
  const { database } = target.connection;
  const verifiers = Object.fromEntries([superuser, ...roleNames].map((role) => [role, ""]));
  const forecast = await forecastPending(target, container(), files, accessSpec(database, verifiers), (bytes) => {
    if (bytes <= freely || isYes("CONFIRM")) return;
    const what = `has ${size(bytes)}, and a copy takes as much again of its server's disk for as long as the plan runs`;
    throw new UserError("No copy was made:", [{ where: `database ${database}`, what, mend: "if there is room: CONFIRM=yes" }]);
  });
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
