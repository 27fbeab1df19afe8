import { quoteIdentifier } from "../sql/quote";
import { parseAcl, type Granted } from "./acl";
import type { Difference } from "./difference";
import { exceptionsOf, expectedGrants, type Expected } from "./expected";
import type { GrantGroup, LiveGrants } from "./live";
import { PUBLIC, type AccessSpec } from "./spec";

/** From how many objects on a difference is told as one: `EXECUTE on 812 functions`. */
const tellOneByOne = 10;

/** Privileges on everything that is there, against those of the spec. Takes away first, then gives. */
export function grantDifferences(spec: AccessSpec, live: LiveGrants): Difference[] {
  const all = live.grants.flatMap((group) => {
    const { rest, single } = split(group, Object.keys(exceptionsOf(spec, group)));
    return [
      ...(rest.names.length > 0 ? compare(rest, expectedGrants(spec, rest)) : []),
      ...single.flatMap((one) => compare(one, expectedGrants(spec, one, one.names[0]))),
    ];
  });
  return [
    ...all.filter(({ what }) => what === "extra"),
    ...all.filter(({ what }) => what === "missing"),
    ...absentExceptions(spec, live),
  ];
}

/** A misspelt exception would leave open what it is there to close. */
function absentExceptions(spec: AccessSpec, live: LiveGrants): Difference[] {
  return Object.entries(spec.schemas).flatMap(([schema, { exceptions = {} }]) =>
    Object.entries(exceptions).flatMap(([kind, objects]) => {
      const present = new Set(
        live.grants.filter((group) => exceptionsOf(spec, group) === objects).flatMap(({ names }) => names),
      );
      return Object.keys(objects)
        .filter((name) => !present.has(name))
        .map((name): Difference => ({
          path: [schema, "exceptions", `${kind} ${schema}.${name}`],
          what: "missing",
          repair: [],
          refusal: `there is no ${kind} ${schema}.${name}: correct its name, or add the migration that makes it`,
        }));
    }),
  );
}

function split(group: GrantGroup, exceptions: readonly string[]): { rest: GrantGroup; single: GrantGroup[] } {
  const named = group.names.filter((name) => exceptions.includes(name));
  return {
    rest: { ...group, names: group.names.filter((name) => !exceptions.includes(name)) },
    single: named.map((name) => ({ ...group, names: [name] })),
  };
}

function compare(group: GrantGroup, expected: Expected): Difference[] {
  const granted = parseAcl(group.acl);
  const others = granted.filter(({ grantee }) => grantee !== group.owner);
  const extra = others.filter(({ grantee, privilege }) => !expected.get(grantee)?.has(privilege));
  const passable = others.filter((grant) => grant.grantable && !extra.includes(grant));
  // What somebody else gave goes when that one's grant option goes, so only the owner's grants count as being there.
  const held = new Set(granted.filter(({ grantor }) => grantor === group.owner).map(key));
  const missing = [...expected].flatMap(([grantee, privileges]) =>
    [...privileges]
      .filter((privilege) => !held.has(key({ grantee, privilege })))
      .map((privilege) => ({ grantee, privilege })),
  );
  return [
    ...unique(extra).flatMap((grant) => tell(group, grant, "extra", grant.privilege, revoke(group, grant))),
    ...unique(passable).flatMap((grant) =>
      tell(group, grant, "extra", `grant option for ${grant.privilege}`, revoke(group, grant, "GRANT OPTION FOR ")),
    ),
    ...missing.flatMap((grant) => tell(group, grant, "missing", grant.privilege, give(group, grant))),
  ];
}

type Grant = Pick<Granted, "grantee" | "privilege">;

const key = ({ grantee, privilege }: Grant) => `${privilege} ${grantee}`;

/** One and the same privilege may come from several grantors. */
const unique = (grants: readonly Granted[]) => [...new Map(grants.map((grant) => [key(grant), grant])).values()];

/** Differences of many objects share one statement, which the first of them carries. */
function tell(group: GrantGroup, grant: Grant, what: Difference["what"], privilege: string, sql: string): Difference[] {
  const subjects = subjectsOf(group);
  return subjects.map((subject, index) => ({
    path: [group.schema || "server", grant.grantee, `${privilege} on ${subject}`],
    what,
    repair: index === 0 ? [sql] : [],
  }));
}

function subjectsOf(group: GrantGroup): string[] {
  const { kind, schema, names } = group;
  if (names.length >= tellOneByOne) return [`${names.length} ${kind}s in ${schema || "the server"}`];
  return names.map((name) => subjectOf(group, name));
}

/** What one object of a group is called: `auth.users`, `function auth.login(text)`. */
export function subjectOf({ kind, schema, table }: GrantGroup, name: string): string {
  if (kind === "table") return `${schema}.${name}`;
  if (kind === "column") return `${schema}.${table}.${name}`;
  return schema === "" || kind === "schema" ? `${kind} ${name}` : `${kind} ${schema}.${name}`;
}

function revoke(group: GrantGroup, { grantee, privilege }: Grant, option = ""): string {
  return `REVOKE ${option}${on(group, privilege)} FROM ${roleName(grantee)} CASCADE`;
}

function give(group: GrantGroup, { grantee, privilege }: Grant): string {
  return `GRANT ${on(group, privilege)} TO ${roleName(grantee)}`;
}

/** E.g. `SELECT ON TABLE "auth".users, "auth".sessions`. */
function on({ kind, schema, table, names }: GrantGroup, privilege: string): string {
  if (kind === "column") return `${privilege} (${names.join(", ")}) ON TABLE ${quoteIdentifier(schema)}.${table}`;
  const inSchema = schema !== "" && kind !== "schema";
  const objects = names.map((name) => (inSchema ? `${quoteIdentifier(schema)}.${name}` : name));
  return `${privilege} ON ${kind.toUpperCase()} ${objects.join(", ")}`;
}

/** A role's name in GRANT and REVOKE. */
export function roleName(role: string): string {
  return role === PUBLIC ? "PUBLIC" : quoteIdentifier(role);
}
