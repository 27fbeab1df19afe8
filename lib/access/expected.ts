import { parseAcl } from "./acl";
import type { GrantGroup } from "./live";
import { privilegesOf, type GrantKind } from "./privileges";
import { sqlName } from "../sql/quote";
import { PUBLIC, type AccessSpec, type ObjectKind } from "./spec";

/** Privileges by the role that has them. */
export type Expected = Map<string, Set<string>>;

/**
 * Who shall have which privileges on the objects of a group, or on one of them that the spec names as an exception.
 *
 * What initdb made keeps the privileges that it was born with: Postgres itself relies on them. What an extension
 * made offers to the roles of the spec what its author meant for everybody, and keeps what it gave to Postgres' own
 * roles (pg_monitor). PUBLIC gets nothing on anything but what initdb made.
 */
export function expectedGrants(spec: AccessSpec, group: GrantGroup, object?: string): Expected {
  const expected: Expected = new Map();
  const give = (grantee: string, privileges: Iterable<string>) => {
    expected.set(grantee, new Set([...(expected.get(grantee) ?? []), ...privileges]));
  };

  if (isListed(spec, group)) {
    const born = initialGrants(group);
    const ofExtension = group.origin === "extension" && group.kind !== "schema";
    const reserved = ofExtension ? [...born].filter(([role]) => role.startsWith("pg_")) : [];
    for (const [role, privileges] of reserved) give(role, privileges);
    for (const [role, privileges] of listedGrants(spec, group)) {
      give(role, ofExtension ? privileges.filter((privilege) => born.get(PUBLIC)?.has(privilege)) : privileges);
    }
  } else if (group.origin === "system") {
    for (const [role, privileges] of initialGrants(group)) give(role, privileges);
  }
  const exceptions = object === undefined ? undefined : exceptionsOf(spec, group)[object];
  for (const [role, privileges] of Object.entries(exceptions ?? {})) expected.set(role, new Set(privileges));
  // On a column its owner has what the table gives; nothing is written down there.
  if (group.kind !== "column") give(group.owner, privilegesOf[group.kind]);
  return expected;
}

/** Objects that the spec treats one by one: privileges by object and role. Databases always are. */
export function exceptionsOf(
  spec: AccessSpec,
  { kind, schema }: Pick<GrantGroup, "kind" | "schema">,
): Record<string, Record<string, readonly string[]>> {
  if (kind !== "database") return spec.schemas[schema]?.exceptions?.[specKind(kind)] ?? {};
  return Object.fromEntries(
    Object.entries(spec.databases).map(([name, { privileges }]) => [sqlName(name), privileges]),
  );
}

/** Schemas of initdb that stay as they are, even where the spec names objects in them. */
const serverSchemas = ["pg_catalog", "information_schema"];

/** Whether the spec decides about these, and not initdb: of what initdb made, only schemas that it names. */
function isListed(spec: AccessSpec, { kind, origin, schema }: GrantGroup): boolean {
  return origin !== "system" || (kind === "schema" && schema in spec.schemas && !serverSchemas.includes(schema));
}

function listedGrants(spec: AccessSpec, { kind, schema }: GrantGroup): [string, readonly string[]][] {
  return Object.entries(spec.schemas[schema]?.privileges ?? {}).map(([role, on]) => [
    role,
    on[kind === "schema" ? kind : specKind(kind)] ?? [],
  ]);
}

/** The spec does not tell functions from procedures, SQL does. What it never names has no privileges in it. */
function specKind(kind: GrantKind): ObjectKind {
  return (kind === "procedure" ? "function" : kind) as ObjectKind;
}

function initialGrants(group: GrantGroup): Expected {
  const initial: Expected = new Map();
  for (const { grantee, privilege } of parseAcl(group.initial)) {
    initial.set(grantee, (initial.get(grantee) ?? new Set()).add(privilege));
  }
  return initial;
}
