import { UserError } from "../../lib/errors";
import { size } from "../../lib/migrations/forecast/summary";
import { mebibytes } from "../../lib/units";

/** Up to this size a database is copied without asking, in bytes. */
const freely = mebibytes(10 * 1024);

/**
 * Holds up the copying of a large database.
 *
 * @param bytes its size
 * @param confirmed whether somebody said that there is room for as much again
 * @throws UserError
 */
export function requireRoom(database: string, bytes: number, confirmed: boolean): void {
  if (bytes <= freely || confirmed) return;
  const what = `has ${size(bytes)}, and a copy takes as much again of its server's disk for as long as the plan runs`;
  const mend = "if there is room: CONFIRM=yes";
  throw new UserError("No copy was made:", [{ where: `database ${database}`, what, mend }]);
}
