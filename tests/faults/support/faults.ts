import type { Hands } from "./hands";

/** Something that a person does past the program, and how a preview names it. */
export interface Fault {
  what: string;
  byHand: (hands: Hands) => Promise<unknown>;
  /** Type and name of the resource that the preview must say it changes. */
  resource: string;
  /** Part of a path that it must name in an update; what is made again has none. */
  path?: string;
}

const media = "huntmaster-media";
const backups = "huntmaster-backups";

const besideServers: Fault[] = [
  {
    what: "a service's container stopped",
    byHand: (hands) => hands.container("content-bridge").stop(),
    resource: "Container content-bridge",
  },
  {
    what: "a service's container removed",
    byHand: (hands) => hands.container("ml-server").remove({ force: true }),
    resource: "Container ml-server",
  },
  {
    what: "a container disconnected from the network",
    byHand: (hands) => hands.disconnect("redis-commander"),
    resource: "Container redis-commander",
  },
  {
    what: "a container made again with another port",
    byHand: (hands) => hands.publishElsewhere("adminer"),
    resource: "Container adminer",
  },
  {
    what: "a container that has ended removed, as docker container prune does",
    byHand: (hands) => hands.container("postgres", "_secrets_loader").remove(),
    resource: "Container postgres-secrets-loader",
  },
];

const insidePostgres: Fault[] = [
  {
    what: "a role's attribute changed",
    byHand: (hands) => hands.sql("ALTER ROLE analytics_reader CREATEDB"),
    resource: "Role analytics_reader",
    path: "createDatabase",
  },
  {
    what: "a role's password changed",
    byHand: (hands) => hands.sql("ALTER ROLE hma_monitor PASSWORD 'by hand'"),
    resource: "Role hma_monitor",
    path: "password",
  },
  {
    what: "a role dropped",
    byHand: (hands) => hands.sql("DROP OWNED BY hma_backup; DROP ROLE hma_backup"),
    resource: "Role hma_backup",
  },
  {
    what: "a role made",
    byHand: (hands) => hands.sql("CREATE ROLE eve LOGIN; GRANT CONNECT ON DATABASE huntmaster TO eve"),
    resource: "Access database",
    path: 'roles.eve["the role itself"]',
  },
  {
    what: "a membership given",
    byHand: (hands) => hands.sql("GRANT pg_read_all_data TO hma_app"),
    resource: "Access database",
    path: 'hma_app["member of pg_read_all_data"]',
  },
  {
    what: "a privilege on a table given to a role",
    byHand: (hands) => hands.sql("GRANT SELECT ON auth.users TO analytics_reader"),
    resource: "Access database",
    path: 'analytics_reader["SELECT on auth.users"]',
  },
  {
    what: "a privilege given to PUBLIC",
    byHand: (hands) => hands.sql("GRANT USAGE ON SCHEMA users TO PUBLIC"),
    resource: "Access database",
    path: 'public["USAGE on schema users"]',
  },
  {
    what: "a privilege on a schema taken away",
    byHand: (hands) => hands.sql("REVOKE USAGE ON SCHEMA analytics FROM analytics_reader"),
    resource: "Access database",
    path: 'analytics_reader["USAGE on schema analytics"]',
  },
  {
    what: "a privilege on a schema taken away from the role that migrates",
    byHand: (hands) => hands.sql("REVOKE USAGE ON SCHEMA partman FROM hma_migrator"),
    resource: "Grant hma_migrator-schema-partman",
    path: "privileges",
  },
  {
    what: "default privileges changed",
    byHand: (hands) =>
      hands.sql("ALTER DEFAULT PRIVILEGES FOR ROLE hma_migrator IN SCHEMA events REVOKE INSERT ON TABLES FROM hma_app"),
    resource: "Access database",
    path: 'hma_app["INSERT on new tables of hma_migrator"]',
  },
  {
    what: "a setting by ALTER SYSTEM",
    byHand: (hands) => hands.alterSystem("work_mem = '123MB'"),
    resource: "Access database",
    path: '["ALTER SYSTEM"].work_mem',
  },
  {
    what: "an extension dropped",
    byHand: (hands) => hands.sql("DROP EXTENSION hypopg"),
    resource: "Extension hypopg",
  },
  {
    what: "an index dropped",
    byHand: (hands) => hands.sql("DROP INDEX content.assets_sha256_idx"),
    resource: "Migrations database",
    path: "index content.assets_sha256_idx",
  },
  {
    what: "an index made",
    byHand: (hands) => hands.sql("CREATE INDEX by_hand ON auth.users (birth_date)"),
    resource: "Migrations database",
    path: "index auth.by_hand",
  },
];

const insideMinio: Fault[] = [
  {
    what: "a bucket removed",
    byHand: (hands) => hands.removeBucket(backups),
    resource: `S3Bucket ${backups}`,
  },
  {
    what: "a lifecycle rule changed",
    byHand: (hands) => hands.keepVersions(media, 365),
    resource: `IlmPolicy ${media}`,
    path: "noncurrentVersionExpirationDays",
  },
  {
    what: "a policy's document changed",
    byHand: (hands) => hands.widenPolicy("hma-backup"),
    resource: "IamPolicy backup",
    path: "policy",
  },
  {
    what: "a user disabled",
    byHand: (hands) => hands.disableUser("model-publisher"),
    resource: "IamUser model-publisher",
    path: "disableUser",
  },
  {
    what: "a policy taken from its user",
    byHand: (hands) => hands.storage(({ admin }) => admin.changePolicy("detach", "ml-server", "hma-ml-server")),
    resource: "IamUserPolicyAttachment ml-server",
  },
];

/** Those that leave every server so that it can be asked, and do not disturb each other. */
export const withServers: readonly Fault[] = [...besideServers, ...insidePostgres, ...insideMinio];

/** Those after which the servers cannot be asked, until they are repaired. */
export const withoutServers: readonly Fault[] = [
  {
    what: "the authority's certificate removed from the checkout",
    byHand: (hands) => hands.removeAuthorityFile(),
    resource: "HostFile authority",
  },
  {
    what: "the superuser's password changed",
    byHand: (hands) => hands.sql("ALTER ROLE hma_admin PASSWORD 'by hand'"),
    resource: "Superuser postgres",
    path: "verifier",
  },
  {
    what: "the object storage's container removed",
    byHand: (hands) => hands.container("minio").remove({ force: true }),
    resource: "Container minio",
  },
  {
    what: "the cache's container killed",
    byHand: (hands) => hands.container("redis").kill(),
    resource: "Container redis",
  },
];
