/** One Postgres login role. Passwords are generated; nothing here is secret. */
export interface RoleSpec {
  /** Who logs in with it, and for what. */
  purpose: string;
  /** Predefined Postgres roles that it is a member of. */
  memberOf?: readonly string[];
  /** Connections at once, -1 for no limit of its own. */
  connectionLimit: number;
  /** Longest statement in milliseconds, 0 for no limit. */
  statementTimeoutMs: number;
  /** Longest idle transaction in milliseconds, 0 for no limit. */
  idleInTransactionTimeoutMs: number;
}

/** Made by the server itself at its first start; owns the database and the extensions. Used by deployments only. */
export const superuser = "hma_admin";

export const roles = {
  hma_migrator: {
    purpose: "Applies migrations; owns the platform's schemas and everything in them, and sees who holds a lock",
    memberOf: ["pg_read_all_stats"],
    connectionLimit: 20,
    statementTimeoutMs: 0,
    idleInTransactionTimeoutMs: 600_000,
  },
  hma_app: {
    purpose: "The application services",
    connectionLimit: -1,
    statementTimeoutMs: 30_000,
    idleInTransactionTimeoutMs: 60_000,
  },
  hma_worker: {
    purpose: "The worker: its queue, and what it makes of uploads and of what outside sources tell",
    connectionLimit: 20,
    statementTimeoutMs: 30_000,
    idleInTransactionTimeoutMs: 60_000,
  },
  analytics_reader: {
    purpose: "Reports and dashboards: reads schema analytics only",
    connectionLimit: 20,
    statementTimeoutMs: 300_000,
    idleInTransactionTimeoutMs: 60_000,
  },
  hma_monitor: {
    purpose: "Metrics: reads the server's statistics, no data",
    memberOf: ["pg_monitor"],
    connectionLimit: 5,
    statementTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 10_000,
  },
  hma_auditor: {
    purpose: "The database itself: puts on record what it refused, in a session that is not rolled back",
    connectionLimit: 10,
    statementTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: 5_000,
  },
  hma_backup: {
    purpose: "Backups: starts and stops them and reads settings, no data",
    memberOf: ["pg_checkpoint", "pg_read_all_settings"],
    connectionLimit: 5,
    statementTimeoutMs: 0,
    idleInTransactionTimeoutMs: 0,
  },
} as const satisfies Record<string, RoleSpec>;

export type Role = keyof typeof roles;

export const roleNames = Object.keys(roles) as Role[];

/** Owner of the platform's schemas: what it creates is reached by others through default privileges. */
export const schemaOwner: Role = "hma_migrator";
