import type { GrantKind } from "./privileges";

/**
 * What sql/queries/access-state.sql and sql/queries/grants.sql find. Names are as they are; `names` and `table` are
 * SQL, quoted where needed.
 */
export interface LiveState {
  /** The database that was asked. */
  database: string;
  roles: LiveRole[];
  memberships: LiveMembership[];
  settings: LiveSettings[];
  /** Settings made by ALTER SYSTEM. */
  systemSettings: string[];
  grants: GrantGroup[];
  defaults: DefaultGrants[];
}

/** The part of it that any role may see. */
export type LiveGrants = Pick<LiveState, "grants" | "defaults">;

export interface LiveRole {
  name: string;
  login: boolean;
  superuser: boolean;
  createDatabase: boolean;
  createRole: boolean;
  replication: boolean;
  bypassRowSecurity: boolean;
  inherit: boolean;
  connectionLimit: number;
  /** When its password ends, null for never. */
  validUntil: string | null;
  verifier: string | null;
  /** What stops it from being dropped: what it owns anywhere, and its privileges in other databases. */
  ties: string[];
}

export interface LiveMembership {
  role: string;
  member: string;
  grantor: string;
  admin: boolean;
  inherit: boolean;
  set: boolean;
}

/** `ALTER ROLE role IN DATABASE database SET`; null stands for all of them. */
export interface LiveSettings {
  database: string | null;
  role: string | null;
  /** `name=value` */
  settings: string[];
}

/** Objects of one kind, schema and owner that have the same access control list. */
export interface GrantGroup {
  kind: GrantKind;
  /** "" for what is in no schema. */
  schema: string;
  /** The table whose columns these are. */
  table?: string;
  owner: string;
  /** `system` is what initdb made, `extension` what belongs to an extension. */
  origin: "system" | "extension" | "platform";
  acl: string[];
  /** The access control list that it was born with. */
  initial: string[];
  names: string[];
}

/** Default privileges on what `role` creates. */
export interface DefaultGrants {
  role: string;
  /** null: in every schema. */
  schema: string | null;
  kind: "table" | "sequence" | "function" | "type" | "schema";
  acl: string[];
}
