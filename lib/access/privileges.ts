/** Everything that carries privileges, with those that exist for it (PostgreSQL 17). The owner has all of them. */
export const privilegesOf = {
  database: ["CREATE", "CONNECT", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  column: ["SELECT", "INSERT", "UPDATE", "REFERENCES"],
  sequence: ["SELECT", "USAGE", "UPDATE"],
  function: ["EXECUTE"],
  procedure: ["EXECUTE"],
  type: ["USAGE"],
  language: ["USAGE"],
  "foreign data wrapper": ["USAGE"],
  "foreign server": ["USAGE"],
  tablespace: ["CREATE"],
  parameter: ["SET", "ALTER SYSTEM"],
  "large object": ["SELECT", "UPDATE"],
} as const satisfies Record<string, readonly string[]>;

export type GrantKind = keyof typeof privilegesOf;

/** How Postgres abbreviates them in an aclitem. */
export const privilegeLetters: Readonly<Record<string, string>> = {
  r: "SELECT",
  a: "INSERT",
  w: "UPDATE",
  d: "DELETE",
  D: "TRUNCATE",
  x: "REFERENCES",
  t: "TRIGGER",
  m: "MAINTAIN",
  X: "EXECUTE",
  U: "USAGE",
  C: "CREATE",
  c: "CONNECT",
  T: "TEMPORARY",
  s: "SET",
  A: "ALTER SYSTEM",
};
