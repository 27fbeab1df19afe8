import type { GrantGroup, LiveState } from "../../../lib/access/live";
import type { AccessSpec } from "../../../lib/access/spec";

/** A small server, and its state written down by hand: one is what the other says. */
export const spec: AccessSpec = {
  roles: {
    admin: {
      login: true,
      superuser: true,
      createDatabase: true,
      createRole: true,
      replication: true,
      bypassRowSecurity: true,
      verifier: "SCRAM-1",
    },
    owner: { login: true, verifier: "SCRAM-2", connectionLimit: 20 },
    app: { login: true, verifier: "SCRAM-3", settings: { search_path: "extensions", statement_timeout: "30000" } },
    monitor: { login: true, verifier: "SCRAM-4", memberOf: ["pg_monitor"] },
  },
  databases: {
    main: { owner: "admin", privileges: { app: ["CONNECT"], owner: ["CONNECT"] }, settings: { timezone: "UTC" } },
  },
  schemas: {
    public: { owner: "pg_database_owner", privileges: {} },
    auth: {
      owner: "owner",
      privileges: { app: { schema: ["USAGE"], table: ["SELECT", "INSERT"], function: ["EXECUTE"] } },
      exceptions: { table: { audit: { app: ["INSERT"] } } },
    },
    extensions: { owner: "admin", privileges: { app: { schema: ["USAGE"], function: ["EXECUTE"] } } },
    pg_catalog: { owner: "admin", privileges: {}, exceptions: { function: { "backup()": { app: ["EXECUTE"] } } } },
  },
};

const flags = {
  superuser: false,
  createDatabase: false,
  createRole: false,
  replication: false,
  bypassRowSecurity: false,
};
const role = { login: true, ...flags, inherit: true, connectionLimit: -1, validUntil: null, ties: [] };
const on = {
  ...flags,
  superuser: true,
  createDatabase: true,
  createRole: true,
  replication: true,
  bypassRowSecurity: true,
};

const all = { table: "arwdDxtm", schema: "UC", function: "X", database: "CTc" };

const group = (
  [kind, schema, owner, origin]: [GrantGroup["kind"], string, string, GrantGroup["origin"]],
  names: string[],
  acl: string[],
  initial: string[] = [],
): GrantGroup => ({
  kind,
  schema,
  owner,
  origin,
  names,
  acl: [`${owner}=${all[kind as keyof typeof all]}/${owner}`, ...acl],
  initial: [`${owner}=${all[kind as keyof typeof all]}/${owner}`, ...initial],
});

export const live: LiveState = {
  database: "main",
  roles: [
    { ...role, ...on, name: "admin", verifier: "SCRAM-1" },
    { ...role, name: "owner", verifier: "SCRAM-2", connectionLimit: 20 },
    { ...role, name: "app", verifier: "SCRAM-3" },
    { ...role, name: "monitor", verifier: "SCRAM-4" },
  ],
  memberships: [{ role: "pg_monitor", member: "monitor", grantor: "admin", admin: false, inherit: true, set: true }],
  settings: [
    { database: null, role: "app", settings: ['search_path="extensions"', "statement_timeout=30000"] },
    { database: "main", role: null, settings: ["timezone=UTC"] },
  ],
  systemSettings: [],
  grants: [
    group(["database", "", "admin", "platform"], ["main"], ["app=c/admin", "owner=c/admin"]),
    group(["database", "", "admin", "platform"], ["postgres"], []),
    group(["schema", "public", "pg_database_owner", "system"], ["public"], [], ["=U/pg_database_owner"]),
    group(["schema", "pg_catalog", "admin", "system"], ["pg_catalog"], ["=U/admin"], ["=U/admin"]),
    group(["schema", "auth", "owner", "platform"], ["auth"], ["app=U/owner"]),
    group(["schema", "extensions", "admin", "platform"], ["extensions"], ["app=U/admin"]),
    group(["table", "auth", "owner", "platform"], ["sessions", "users"], ["app=ra/owner"]),
    group(["table", "auth", "owner", "platform"], ["audit"], ["app=a/owner"]),
    group(["table", "pg_catalog", "admin", "system"], ["pg_class"], ["=r/admin"], ["=r/admin"]),
    group(["function", "pg_catalog", "admin", "system"], ["backup()"], ["app=X/admin"]),
    group(["function", "pg_catalog", "admin", "system"], ["read_file()"], []),
    group(["function", "extensions", "admin", "extension"], ["digest()"], ["app=X/admin"], ["=X/admin"]),
    group(["function", "extensions", "admin", "extension"], ["reset()"], []),
    group(
      ["function", "extensions", "admin", "extension"],
      ["pages()"],
      ["pg_monitor=X/admin"],
      ["pg_monitor=X/admin"],
    ),
  ],
  defaults: [
    { role: "owner", schema: null, kind: "function", acl: ["owner=X/owner"] },
    { role: "owner", schema: null, kind: "type", acl: ["owner=U/owner"] },
    { role: "admin", schema: null, kind: "function", acl: ["admin=X/admin"] },
    { role: "admin", schema: null, kind: "type", acl: ["admin=U/admin"] },
    { role: "owner", schema: "auth", kind: "table", acl: ["app=ra/owner"] },
    { role: "owner", schema: "auth", kind: "function", acl: ["app=X/owner"] },
    { role: "admin", schema: "extensions", kind: "function", acl: ["app=X/admin"] },
  ],
};
