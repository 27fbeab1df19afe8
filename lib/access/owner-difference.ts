import { quoteIdentifier, sqlName } from "../sql/quote";
import type { Difference } from "./difference";
import type { GrantGroup, LiveState } from "./live";
import type { AccessSpec } from "./spec";

const owned = ["schema", "table", "sequence", "function", "procedure", "type", "database"];

/** Who owns what. Objects of extensions stay with whoever created the extension. */
export function ownerDifferences(spec: AccessSpec, live: LiveState): Difference[] {
  return [
    ...absentSchemas(spec, live),
    ...live.grants
      .filter(({ kind }) => owned.includes(kind))
      .flatMap((group) =>
        group.names.flatMap((name) => {
          const owner = expectedOwner(spec, group, name);
          return owner === undefined || owner === group.owner ? [] : [tell(group, name, owner)];
        }),
      ),
  ];
}

function expectedOwner(spec: AccessSpec, { kind, schema, origin }: GrantGroup, name: string): string | undefined {
  if (kind === "database") {
    return Object.entries(spec.databases).find(([database]) => sqlName(database) === name)?.[1].owner;
  }
  if (kind !== "schema" && origin !== "platform") return undefined;
  return spec.schemas[schema]?.owner;
}

function tell({ kind, schema, owner: actual }: GrantGroup, name: string, owner: string): Difference {
  const subject = kind === "schema" || kind === "database" ? name : `${schema}.${name}`;
  const sql = kind === "schema" || kind === "database" ? name : `${quoteIdentifier(schema)}.${name}`;
  // ALTER TABLE is for views and sequences too.
  const keyword = kind === "sequence" ? "TABLE" : kind.toUpperCase();
  return {
    path: [schema || "server", "owner", `${kind} ${subject} is owned by ${actual}`],
    what: "changed",
    repair: [`ALTER ${keyword} ${sql} OWNER TO ${quoteIdentifier(owner)}`],
  };
}

function absentSchemas(spec: AccessSpec, live: LiveState): Difference[] {
  const present = new Set(live.grants.filter(({ kind }) => kind === "schema").map(({ schema }) => schema));
  return Object.entries(spec.schemas)
    .filter(([schema]) => !present.has(schema))
    .map(([schema, { owner }]) => ({
      path: [schema, "owner", `schema ${schema}`],
      what: "missing",
      repair: [`CREATE SCHEMA ${quoteIdentifier(schema)} AUTHORIZATION ${quoteIdentifier(owner)}`],
    }));
}
