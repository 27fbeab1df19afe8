/** Postgres' word for everybody. */
export const everybody = "public";

/** What carries privileges, and which there are (PostgreSQL 17's manual, table 5.2). */
export const privilegesOf = {
  database: ["CREATE", "CONNECT", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  column: ["SELECT", "INSERT", "UPDATE", "REFERENCES"],
  sequence: ["SELECT", "UPDATE", "USAGE"],
  function: ["EXECUTE"],
  type: ["USAGE"],
} as const;

export type Kind = keyof typeof privilegesOf;

/** Something in the database that somebody may have privileges on. */
export interface Item {
  kind: Kind;
  /** The schema that it is in; for a schema itself its own name, for a database "". */
  schema: string;
  /** Unique within its kind: `auth.users`, `auth.users.email`, `auth.f(integer)`. */
  name: string;
  owner: string;
  /** Whether an extension made it. */
  ofExtension: boolean;
}

/** One cell of the matrix that is ticked: `hma_app SELECT table auth.users`. */
export const cell = (role: string, privilege: string, { kind, name }: Pick<Item, "kind" | "name">) =>
  [role, privilege, kind, name].join(" ");

/** Both directions: what is there and should not be, and the other way round. */
export function compare(observed: readonly string[], expected: readonly string[]) {
  const [is, shall] = [new Set(observed), new Set(expected)];
  return {
    extra: observed.filter((entry) => !shall.has(entry)),
    missing: expected.filter((entry) => !is.has(entry)),
  };
}

export const equal = { extra: [], missing: [] };
