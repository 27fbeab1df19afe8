import { quoteIdentifier } from "../sql/quote";
import { parseAcl } from "./acl";
import type { Difference } from "./difference";
import { roleName } from "./grant-difference";
import type { DefaultGrants, LiveGrants } from "./live";
import { privilegesOf } from "./privileges";
import { PUBLIC, type AccessSpec } from "./spec";

type Place = Pick<DefaultGrants, "role" | "schema" | "kind">;
type Entry = { grantee: string; privilege: string; grantable: boolean };

const kinds = ["table", "sequence", "function", "type"] as const;

/** What Postgres itself gives to PUBLIC on new objects. */
const builtIn: Partial<Record<DefaultGrants["kind"], string>> = { function: "EXECUTE", type: "USAGE" };

/**
 * Privileges on objects to come, against those that the spec gives on objects that are there. For every owner of a
 * schema in the spec PUBLIC gets nothing; other roles have no default privileges but Postgres' own.
 */
export function defaultDifferences(spec: AccessSpec, live: LiveGrants): Difference[] {
  const owners = new Set(
    Object.values(spec.schemas)
      .map(({ owner }) => owner)
      .filter((owner) => owner in spec.roles),
  );
  const places = new Map<string, Place>();
  for (const role of owners) {
    for (const kind of kinds) {
      places.set(keyOf({ role, schema: null, kind }), { role, schema: null, kind });
      for (const [schema, { owner }] of Object.entries(spec.schemas)) {
        if (owner === role) places.set(keyOf({ role, schema, kind }), { role, schema, kind });
      }
    }
  }
  const actual = new Map(live.defaults.map((row) => [keyOf(row), row]));
  for (const [key, { role, schema, kind }] of actual) places.set(key, { role, schema, kind });

  const all = [...places.values()].flatMap((place) => {
    const row = actual.get(keyOf(place));
    return compare(place, row ? entriesOf(row) : builtInEntries(place), expectedEntries(spec, owners, place));
  });
  return [...all.filter(({ what }) => what === "extra"), ...all.filter(({ what }) => what === "missing")];
}

const keyOf = ({ role, schema, kind }: Place) => JSON.stringify([role, schema, kind]);

/** What its owner has shows only where PUBLIC's part does: without a schema, as the whole of a new object's list. */
function entriesOf({ role, schema, acl }: DefaultGrants): Entry[] {
  return parseAcl(acl).filter(({ grantee }) => schema === null || grantee !== role);
}

function builtInEntries({ role, schema, kind }: Place): Entry[] {
  if (schema !== null) return [];
  const entries = privilegesOf[kind].map((privilege) => ({ grantee: role, privilege, grantable: false }));
  const open = builtIn[kind];
  return open ? [...entries, { grantee: PUBLIC, privilege: open, grantable: false }] : entries;
}

function expectedEntries(spec: AccessSpec, owners: ReadonlySet<string>, place: Place): Entry[] {
  const { role, schema, kind } = place;
  if (schema === null) {
    return builtInEntries(place).filter(({ grantee }) => grantee !== PUBLIC || !owners.has(role));
  }
  const listed = spec.schemas[schema];
  if (!listed || listed.owner !== role || kind === "schema") return [];
  return Object.entries(listed.privileges).flatMap(([grantee, on]) =>
    (on[kind] ?? []).map((privilege) => ({ grantee, privilege, grantable: false })),
  );
}

function compare(place: Place, actual: readonly Entry[], expected: readonly Entry[]): Difference[] {
  const has = (entries: readonly Entry[], { grantee, privilege }: Entry) =>
    entries.some((entry) => entry.grantee === grantee && entry.privilege === privilege);
  const extra = actual.filter((entry) => !has(expected, entry));
  const passable = actual.filter((entry) => entry.grantable && entry.grantee !== place.role && !extra.includes(entry));
  return [
    ...extra.map((entry) => tell(place, entry, "extra", entry.privilege, `REVOKE ${on(place, entry)} FROM`)),
    ...passable.map((entry) =>
      tell(
        place,
        entry,
        "extra",
        `grant option for ${entry.privilege}`,
        `REVOKE GRANT OPTION FOR ${on(place, entry)} FROM`,
      ),
    ),
    ...expected
      .filter((entry) => !has(actual, entry))
      .map((entry) => tell(place, entry, "missing", entry.privilege, `GRANT ${on(place, entry)} TO`)),
  ];
}

function tell(place: Place, entry: Entry, what: Difference["what"], privilege: string, change: string): Difference {
  const scope = place.schema === null ? "" : ` IN SCHEMA ${quoteIdentifier(place.schema)}`;
  return {
    path: [place.schema ?? "server", entry.grantee, `${privilege} on new ${place.kind}s of ${place.role}`],
    what,
    repair: [
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(place.role)}${scope} ${change} ${roleName(entry.grantee)}`,
    ],
  };
}

function on({ kind }: Place, { privilege }: Entry): string {
  return `${privilege} ON ${kind === "function" ? "ROUTINES" : `${kind.toUpperCase()}S`}`;
}
