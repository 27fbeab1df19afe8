import type { Failure, Values } from "../../../provider/frame/types";
import type { Session } from "./connection";

/** What can be granted on each type of object, as the official provider has it. */
const privilegesOf: Record<string, readonly string[]> = {
  database: ["CREATE", "CONNECT", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  sequence: ["USAGE", "SELECT", "UPDATE"],
  function: ["EXECUTE"],
  type: ["USAGE"],
};

/** The letters of Postgres' acldefault(): what holds where no privileges were ever changed. */
const aclTypes: Record<string, string> = {
  database: "d",
  schema: "n",
  table: "r",
  sequence: "s",
  function: "f",
  type: "T",
};

/** An SQL expression: the access list in `column`, or its default, of which nobody needs to have changed anything. */
export function effectiveAcl(objectType: string, column: string, owner: string): string {
  return `coalesce(${column}, acldefault('${aclTypes[objectType]}', ${owner}))`;
}

/** An SQL expression: what `acl` grants to the role whose OID is `grantee`, sorted. */
export function privilegesIn(acl: string, grantee: string): string {
  return `ARRAY(SELECT DISTINCT privilege_type FROM aclexplode(${acl}) WHERE grantee = ${grantee} ORDER BY 1)`;
}

export function checkPrivileges(inputs: Values, objectTypes: readonly string[]): Failure[] {
  const { objectType, privileges } = inputs;
  if (typeof objectType !== "string") return [];
  if (!objectTypes.includes(objectType)) {
    return [{ property: "objectType", reason: `"${objectType}" is not served: use one of ${objectTypes.join(", ")}` }];
  }
  const allowed = ["ALL", ...privilegesOf[objectType]!];
  return (Array.isArray(privileges) ? privileges : [])
    .filter((privilege) => typeof privilege === "string" && !allowed.includes(privilege))
    .map((privilege) => ({
      property: "privileges",
      reason: `"${String(privilege)}" cannot be granted on a ${objectType}: use ${allowed.join(", ")}`,
    }));
}

/** Privileges for use in a statement: keywords, so they are checked and not quoted. */
export function keywords(objectType: string, privileges: string[]): string {
  const allowed = privilegesOf[objectType] ?? [];
  const unknown = privileges.find((privilege) => privilege !== "ALL" && !allowed.includes(privilege));
  if (unknown !== undefined) throw new Error(`"${unknown}" cannot be granted on a ${objectType}`);
  return privileges.join(", ");
}

/** Everything that this server has for `objectType`: what ALL stands for. */
export async function allPrivileges(session: Session, objectType: string): Promise<string[]> {
  const owner = "10"; // the role that every server has
  const acl = effectiveAcl(objectType, "NULL::aclitem[]", owner);
  const [row] = await session.query<{ all: string[] }>(`SELECT ${privilegesIn(acl, owner)} AS all`);
  return row?.all ?? [];
}

/** Whether `granted` is what `wanted` says, which may be ALL. */
export function isGranted(granted: string[], wanted: string[], all: string[]): boolean {
  const expected = new Set(wanted.includes("ALL") ? all : wanted);
  return expected.size === granted.length && granted.every((privilege) => expected.has(privilege));
}
