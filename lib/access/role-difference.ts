import { quoteIdentifier, quoteLiteral } from "../sql/quote";
import type { Difference } from "./difference";
import type { LiveMembership, LiveRole, LiveState } from "./live";
import type { AccessSpec, RoleSpec } from "./spec";

/** Attributes that are on or off, and how SQL says that they are on; `NO…` is off. */
const flags = {
  login: "LOGIN",
  superuser: "SUPERUSER",
  createDatabase: "CREATEDB",
  createRole: "CREATEROLE",
  replication: "REPLICATION",
  bypassRowSecurity: "BYPASSRLS",
} as const satisfies Partial<Record<keyof RoleSpec, string>>;

/** Roles that are missing, that differ, and that nobody declared. */
export function roleDifferences(spec: AccessSpec, live: LiveState) {
  const present = new Map(live.roles.map((role) => [role.name, role]));
  return {
    missing: Object.entries(spec.roles)
      .filter(([name]) => !present.has(name))
      .map(([name, role]) => missing(name, role)),
    altered: Object.entries(spec.roles).flatMap(([name, role]) => {
      const actual = present.get(name);
      return actual ? altered(name, role, actual) : [];
    }),
    foreign: live.roles.filter(({ name }) => !(name in spec.roles)).map(foreign),
  };
}

function missing(name: string, spec: RoleSpec): Difference {
  const on = Object.entries(flags)
    .filter(([flag]) => spec[flag as keyof typeof flags])
    .map(([, word]) => word);
  const limit = `CONNECTION LIMIT ${spec.connectionLimit ?? -1}`;
  return {
    path: ["roles", name, "the role itself"],
    what: "missing",
    repair: [`CREATE ROLE ${quoteIdentifier(name)} ${[...on, limit, passwordClause(spec.verifier)].join(" ")}`],
  };
}

function altered(name: string, spec: RoleSpec, actual: LiveRole): Difference[] {
  const alter = (attribute: string, clause: string): Difference => ({
    path: ["roles", name, attribute],
    what: "changed",
    repair: [`ALTER ROLE ${quoteIdentifier(name)} ${clause}`],
  });
  const found = Object.entries(flags).flatMap(([key, word]) => {
    const flag = key as keyof typeof flags;
    const wanted = spec[flag] ?? false;
    return actual[flag] === wanted ? [] : [alter(flag, wanted ? word : `NO${word}`)];
  });
  if (!actual.inherit) found.push(alter("inherit", "INHERIT"));
  const limit = spec.connectionLimit ?? -1;
  if (actual.connectionLimit !== limit) found.push(alter("connectionLimit", `CONNECTION LIMIT ${limit}`));
  if (actual.validUntil !== null) found.push(alter("validUntil", "VALID UNTIL 'infinity'"));
  if (actual.verifier !== (spec.verifier ?? null)) found.push(alter("password", passwordClause(spec.verifier)));
  return found;
}

const passwordClause = (verifier?: string) => `PASSWORD ${verifier === undefined ? "NULL" : quoteLiteral(verifier)}`;

function foreign({ name, ties }: LiveRole): Difference {
  const role = quoteIdentifier(name);
  const path = ["roles", name, "the role itself"];
  if (ties.length === 0) {
    // Owning nothing, it only loses its privileges by DROP OWNED.
    return { path, what: "extra", repair: [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`] };
  }
  return {
    path,
    what: "extra",
    repair: [],
    refusal:
      `role ${name} is not in the catalog and is not dropped, for it ${ties.join(", ")}: add it to the catalog, or ` +
      `in each of these databases run REASSIGN OWNED BY ${role} TO …; DROP OWNED BY ${role}; and then DROP ROLE ${role}`,
  };
}

/** Who is a member of what. One that has other options than the spec's is taken back and given anew. */
export function membershipDifferences(spec: AccessSpec, live: LiveState): Difference[] {
  const expected = Object.entries(spec.roles).flatMap(([member, { memberOf = [] }]) =>
    memberOf.map((role) => ({ member, role })),
  );
  const isExpected = (actual: LiveMembership) =>
    expected.some(({ member, role }) => actual.member === member && actual.role === role);
  const isPlain = ({ admin, inherit, set }: LiveMembership) => !admin && inherit && set;
  const good = live.memberships.filter((actual) => isExpected(actual) && isPlain(actual));

  const lost = expected.filter(
    ({ member, role }) => !good.some((actual) => actual.member === member && actual.role === role),
  );
  return [
    ...live.memberships
      .filter((actual) => !good.includes(actual))
      .map((actual): Difference => ({
        path: ["roles", actual.member, `member of ${actual.role}${optionsOf(actual)}`],
        what: "extra",
        repair: [
          `REVOKE ${quoteIdentifier(actual.role)} FROM ${quoteIdentifier(actual.member)} ` +
            `GRANTED BY ${quoteIdentifier(actual.grantor)} CASCADE`,
        ],
      })),
    ...lost.map(({ member, role }): Difference => ({
      path: ["roles", member, `member of ${role}`],
      what: "missing",
      repair: [`GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)} WITH ADMIN FALSE, INHERIT TRUE, SET TRUE`],
    })),
  ];
}

function optionsOf({ admin, inherit, set }: LiveMembership): string {
  const options = [admin && "with ADMIN", !inherit && "without INHERIT", !set && "without SET"].filter(Boolean);
  return options.length === 0 ? "" : ` ${options.join(", ")}`;
}
