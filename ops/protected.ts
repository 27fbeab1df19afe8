import type { Client } from "pg";
import { protectedSetting } from "../catalog/access";
import { UserError } from "../lib/errors";

/**
 * For what is not to be done to prod's data.
 *
 * @param nothing what was not done, with a colon at its end
 * @param mend what to do instead
 * @throws UserError where the database says that it is protected
 */
export async function refuseProtected(client: Client, nothing: string, mend: string): Promise<void> {
  const { rows } = await client.query<{ value: string | null }>("SELECT current_setting($1, true) AS value", [
    protectedSetting,
  ]);
  if (rows[0]!.value !== "on") return;
  throw new UserError(nothing, [{ where: "the database", what: "is protected, as in prod", mend }]);
}
