/**
 * Who may do what in one Postgres server: the whole of it, as plain data. Whatever is not said here, nobody may:
 * PUBLIC has nothing, roles that are not listed do not exist, and no setting is made by ALTER SYSTEM.
 *
 * @typeParam Verifier how the only secrets in it are written: a program has them as outputs
 */
export interface AccessSpec<Verifier = string> {
  /** Every role of the server by name, the superuser included; only Postgres' own `pg_*` roles are left out. */
  roles: Record<string, RoleSpec<Verifier>>;
  /** By name. On databases that are not listed nobody but their owner has anything. */
  databases: Record<string, DatabaseSpec>;
  /** By name. In schemas that are not listed nobody but their owners has anything. */
  schemas: Record<string, SchemaSpec>;
}

/** Attributes that are left out are off. */
export interface RoleSpec<Verifier = string> {
  login?: boolean;
  superuser?: boolean;
  createDatabase?: boolean;
  createRole?: boolean;
  replication?: boolean;
  bypassRowSecurity?: boolean;
  /** Connections at once, default -1: no limit. */
  connectionLimit?: number;
  /** SCRAM-SHA-256 verifier, secret; without it the role has no password. */
  verifier?: Verifier;
  /** Roles that it is a member of: inherited, SET ROLE allowed, no admin option. */
  memberOf?: readonly string[];
  /** What its sessions start with (ALTER ROLE SET), as Postgres stores it: `{ statement_timeout: "30000" }`. */
  settings?: Record<string, string>;
}

export interface DatabaseSpec {
  owner: string;
  /** CONNECT, TEMPORARY, CREATE; by role. */
  privileges: Record<string, readonly string[]>;
  /** What sessions in it start with (ALTER DATABASE SET). */
  settings?: Record<string, string>;
}

export interface SchemaSpec {
  /** Of the schema and of everything in it, but for what belongs to an extension. */
  owner: string;
  /**
   * By role. They hold for all objects that are there and, as default privileges of the owner, for those to come.
   * On an extension's objects a role gets of these what the extension means to be public, and no more.
   */
  privileges: Record<string, SchemaPrivileges>;
  /** Single objects on which the roles named have exactly these privileges instead. */
  exceptions?: Partial<Record<ObjectKind, Record<string, Record<string, readonly string[]>>>>;
}

/** Privileges by what they are on: the schema itself, and each kind of object in it. */
export type SchemaPrivileges = Partial<Record<"schema" | ObjectKind, readonly string[]>>;

/**
 * `table` stands for views and materialized views too, `function` for procedures and aggregates. Objects are named
 * as SQL does, without the schema: `users`, `"Odd name"`, `pg_backup_start(text, boolean)`.
 */
export type ObjectKind = "table" | "sequence" | "function" | "type";

/** The name that stands for everybody. No role can have it. */
export const PUBLIC = "public";
