import type { SchemaSpec as Access } from "../lib/access/spec";
import { schemaOwner, superuser, type Role } from "./roles";

/** What a role may do in a schema, for the schema itself and for each kind of object in it. */
export interface Privileges {
  schema: readonly string[];
  table: readonly string[];
  sequence: readonly string[];
  function: readonly string[];
  type: readonly string[];
}

export const accessLevels = {
  /** Look things up. */
  read: { schema: ["USAGE"], table: ["SELECT"], sequence: [], function: [], type: ["USAGE"] },
  /** Keep data: everything but changing the schema itself or emptying tables. */
  write: {
    schema: ["USAGE"],
    table: ["SELECT", "INSERT", "UPDATE", "DELETE"],
    sequence: ["USAGE", "SELECT"],
    function: ["EXECUTE"],
    type: ["USAGE"],
  },
  /** Call functions, use their types. */
  call: { schema: ["USAGE"], table: [], sequence: [], function: ["EXECUTE"], type: ["USAGE"] },
  /** Nothing but what the schema's exceptions name. */
  enter: { schema: ["USAGE"], table: [], sequence: [], function: [], type: [] },
  /** Call functions, use types, look up their reference tables. */
  use: { schema: ["USAGE"], table: ["SELECT"], sequence: [], function: ["EXECUTE"], type: ["USAGE"] },
} as const satisfies Record<string, Privileges>;

export type AccessLevel = keyof typeof accessLevels;

export interface SchemaSpec {
  purpose: string;
  /** Roles left out have no access at all; PUBLIC never has any. */
  access: Partial<Record<Role, AccessLevel>>;
  /** Single objects on which the roles named have just these privileges instead. */
  exceptions?: Access["exceptions"];
}

/** The platform's schemas: one line each, and roles, grants, default privileges and tests follow. */
export const schemas = {
  auth: {
    purpose: "Accounts, sessions, consent, audit",
    access: { hma_app: "write" },
    exceptions: {
      table: {
        audit_log: { hma_app: ["SELECT"] },
        audit_seals: { hma_app: [] },
        login_attempts: { hma_app: ["SELECT"] },
      },
      sequence: {
        audit_log_id_seq: { hma_app: [] },
        audit_seals_id_seq: { hma_app: [] },
        login_attempts_id_seq: { hma_app: [] },
      },
    },
  },
  users: { purpose: "Profiles and preferences", access: { hma_app: "write" } },
  content: {
    purpose: "Assets, topics, content items",
    access: { hma_app: "write", hma_worker: "enter" },
    exceptions: {
      table: {
        assets: { hma_worker: ["SELECT", "UPDATE"] },
        renditions: { hma_app: ["SELECT"], hma_worker: ["SELECT", "INSERT"] },
        removed_objects: { hma_worker: ["SELECT", "INSERT", "DELETE"] },
      },
    },
  },
  progress: { purpose: "Lessons and each user's progress", access: { hma_app: "write" } },
  game_calls: { purpose: "Game calls module", access: { hma_app: "write" } },
  hunt_strategy: { purpose: "Hunt strategy module", access: { hma_app: "write" } },
  stealth_scouting: { purpose: "Stealth scouting module", access: { hma_app: "write" } },
  tracking_recovery: { purpose: "Tracking and recovery module", access: { hma_app: "write" } },
  gear_marksmanship: { purpose: "Gear and marksmanship module", access: { hma_app: "write" } },
  ml_infrastructure: { purpose: "Model registry, jobs, metrics", access: { hma_app: "write" } },
  analytics: { purpose: "Aggregates for reports", access: { hma_app: "write", analytics_reader: "read" } },
  events: {
    purpose: "Event log, jobs, ingestion",
    access: { hma_app: "write", hma_worker: "enter" },
    exceptions: {
      table: {
        event_log: { hma_app: ["SELECT", "INSERT"], hma_worker: ["INSERT"] },
        jobs: { hma_worker: ["SELECT"] },
        job_runs: { hma_worker: ["SELECT", "INSERT", "UPDATE", "DELETE"] },
        job_dead_letters: { hma_worker: ["SELECT", "INSERT", "DELETE"] },
        ingestion_cursors: { hma_worker: ["SELECT", "INSERT", "UPDATE"] },
        webhook_events: { hma_worker: ["SELECT", "INSERT", "UPDATE", "DELETE"] },
      },
    },
  },
} as const satisfies Record<string, SchemaSpec>;

export type Schema = keyof typeof schemas;

export interface InternalSchemaSpec extends SchemaSpec {
  owner: string;
}

/** Schemas that hold no data of the product. What extensions make belongs to the superuser, who creates them. */
export const internalSchemas = {
  extensions: {
    purpose: "Objects of the extensions",
    owner: superuser,
    access: { hma_migrator: "use", hma_app: "use", analytics_reader: "use", hma_monitor: "use" },
  },
  dblink: { purpose: "Objects of dblink", owner: superuser, access: { hma_migrator: "use" } },
  platform: {
    purpose: "Functions for all: who asks, audit, one's own data",
    owner: schemaOwner,
    access: { hma_app: "call", hma_auditor: "enter" },
    exceptions: {
      function: {
        "record_denial(uuid, text, text, jsonb, text, text, inet, text)": { hma_app: [], hma_auditor: ["EXECUTE"] },
      },
    },
  },
  internal: { purpose: "Secrets, and what triggers and jobs run", owner: schemaOwner, access: {} },
  partitions: { purpose: "Months of tables, reached through those tables alone", owner: schemaOwner, access: {} },
  partman: { purpose: "Objects of pg_partman", owner: superuser, access: { hma_migrator: "use" } },
  migrations: { purpose: "Which migrations are applied", owner: schemaOwner, access: {} },
} as const satisfies Record<string, InternalSchemaSpec>;

/** Schemas in which nothing is made or changed but by migrations. */
export const migratedSchemas: readonly string[] = [...Object.keys(schemas), "platform", "internal"];

/** Every schema that is declared, with its owner. */
export const allSchemas: Readonly<Record<string, InternalSchemaSpec>> = {
  ...Object.fromEntries(Object.entries(schemas).map(([name, spec]) => [name, { ...spec, owner: schemaOwner }])),
  ...internalSchemas,
};
