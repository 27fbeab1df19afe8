import type { Session } from "./connection";
import type { GrantValues } from "./grant-state";
import { keywords } from "./privileges";
import { grantee, identifier, qualified } from "./quote";

/** How statements spell the objects that a grant names. Empty if it names none. */
export type Signatures = string[];

/** Postgres itself spells functions with arguments, so that no argument type is pasted into a statement. */
export async function signaturesOf(session: Session, { schema = "", objects = [] }: GrantValues): Promise<Signatures> {
  const signatures: Signatures = [];
  for (const object of objects) {
    const bracket = object.indexOf("(");
    if (bracket < 0) {
      signatures.push(qualified(schema, object));
      continue;
    }
    const name = qualified(schema, object.slice(0, bracket)) + object.slice(bracket);
    const [row] = await session.query<{ signature: string | null }>("SELECT to_regprocedure($1)::text AS signature", [
      name,
    ]);
    if (!row?.signature) throw new Error(`there is no function ${name}: correct its argument types, or make it first`);
    signatures.push(row.signature);
  }
  return signatures;
}

export function grantStatements(grant: GrantValues, signatures: Signatures): string[] {
  if (grant.privileges.length === 0) return [];
  const option = grant.withGrantOption ? " WITH GRANT OPTION" : "";
  const privileges = keywords(grant.objectType, grant.privileges);
  return [`GRANT ${privileges} ON ${targetOf(grant, signatures)} TO ${grantee(grant.role)}${option}`];
}

/** From named objects only what is listed: more would also revoke other privileges on their columns. */
export function revokeStatements(grant: GrantValues, signatures: Signatures): string[] {
  const named = signatures.length > 0;
  if (named && grant.privileges.length === 0) return [];
  const privileges = named ? keywords(grant.objectType, grant.privileges) : "ALL PRIVILEGES";
  return [`REVOKE ${privileges} ON ${targetOf(grant, signatures)} FROM ${grantee(grant.role)}`];
}

function targetOf({ objectType, database, schema = "" }: GrantValues, signatures: Signatures): string {
  const type = objectType.toUpperCase();
  if (objectType === "database") return `DATABASE ${identifier(database)}`;
  if (objectType === "schema") return `SCHEMA ${identifier(schema)}`;
  if (signatures.length > 0) return `${type} ${signatures.join(", ")}`;
  return `ALL ${type}S IN SCHEMA ${identifier(schema)}`;
}
