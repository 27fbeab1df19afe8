import { quoteIdentifier, quoteLiteral } from "../sql/quote";
import type { Difference } from "./difference";
import type { LiveSettings, LiveState } from "./live";
import type { AccessSpec } from "./spec";

/** Whose sessions start with a setting. */
type Scope = Pick<LiveSettings, "database" | "role">;

/** What sessions of roles and databases start with. Not ALTER SYSTEM, which has no place in a transaction. */
export function settingDifferences(spec: AccessSpec, live: LiveState): Difference[] {
  const wanted = [
    ...Object.entries(spec.roles).map(([role, { settings = {} }]) => ({ database: null, role, settings })),
    ...Object.entries(spec.databases).map(([database, { settings = {} }]) => ({ database, role: null, settings })),
  ];
  // Settings of foreign roles go with the role.
  const actual = live.settings.filter(({ role }) => role === null || role in spec.roles);
  const scopes = new Map(
    [...wanted, ...actual].map(({ database, role }) => [keyOf({ database, role }), { database, role }]),
  );
  const wantedBy = new Map(wanted.map((entry) => [keyOf(entry), entry.settings]));
  const actualBy = new Map(actual.map((entry) => [keyOf(entry), parseSettings(entry.settings)]));
  return [...scopes].flatMap(([key, scope]) => compare(scope, wantedBy.get(key) ?? {}, actualBy.get(key) ?? {}));
}

const keyOf = ({ database, role }: Scope) => JSON.stringify([database, role]);

function parseSettings(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    settings.map((setting) => {
      const equals = setting.indexOf("=");
      return [setting.slice(0, equals), setting.slice(equals + 1)];
    }),
  );
}

function compare(scope: Scope, wanted: Record<string, string>, actual: Record<string, string>): Difference[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(actual)])].sort().flatMap((name): Difference[] => {
    const [want, have] = [wanted[name], actual[name]];
    if (want === undefined) return [tell(scope, name, "extra", `RESET ${quoteIdentifier(name)}`)];
    const set = `SET ${quoteIdentifier(name)} TO ${valueOf(name, want)}`;
    if (have === undefined) return [tell(scope, name, "missing", set)];
    return normalise(name, have) === normalise(name, want) ? [] : [tell(scope, name, "changed", set)];
  });
}

function tell(scope: Scope, name: string, what: Difference["what"], change: string): Difference {
  const { label, subject } = describe(scope);
  return { path: ["settings", label, name], what, repair: [`ALTER ${subject} ${change}`] };
}

/** For people, and for ALTER. */
function describe({ database, role }: Scope): { label: string; subject: string } {
  if (role === null && database !== null) {
    return { label: `database ${database}`, subject: `DATABASE ${quoteIdentifier(database)}` };
  }
  const label = role === null ? "every role" : `role ${role}`;
  const subject = `ROLE ${role === null ? "ALL" : quoteIdentifier(role)}`;
  if (database === null) return { label, subject };
  return { label: `${label} in database ${database}`, subject: `${subject} IN DATABASE ${quoteIdentifier(database)}` };
}

/** A list of names, each of which is quoted by itself; any other value is one string. */
const isList = (name: string) => name === "search_path";

const namesOf = (value: string) => value.split(",").map((part) => part.trim().replace(/^"(.*)"$/, "$1"));

function valueOf(name: string, value: string): string {
  return isList(name) ? namesOf(value).map(quoteIdentifier).join(", ") : quoteLiteral(value);
}

function normalise(name: string, value: string): string {
  return isList(name) ? namesOf(value).join(", ") : value;
}
