/** One Postgres extension. */
export interface ExtensionSpec {
  purpose: string;
  /** The schema its objects go to; absent where the extension itself decides. */
  schema?: string;
  /** Extensions that must be there before. */
  requires?: readonly string[];
}

/**
 * pgvector yes, TimescaleDB no: docs/decisions/0004-extensions.md. Every one of them is packaged for Debian and, but
 * for Apache AGE, offered by managed Postgres.
 */
export const extensions = {
  "uuid-ossp": { purpose: "UUID generators", schema: "extensions" },
  pgcrypto: { purpose: "Hashes and encryption of single values", schema: "extensions" },
  citext: { purpose: "Text that is the same whatever its case", schema: "extensions" },
  pg_trgm: { purpose: "Fuzzy text search", schema: "extensions" },
  btree_gin: { purpose: "Scalars inside GIN indexes", schema: "extensions" },
  btree_gist: { purpose: "Scalars inside GiST indexes and exclusion constraints", schema: "extensions" },
  postgis: { purpose: "Geometry and geography", schema: "extensions" },
  postgis_topology: { purpose: "Topologies, in schema topology", requires: ["postgis"] },
  pg_stat_statements: { purpose: "Which statements cost what", schema: "extensions" },
  vector: { purpose: "Embeddings and nearest neighbours", schema: "extensions" },
  age: { purpose: "Property graphs, in schema ag_catalog" },
  pg_cron: { purpose: "Jobs inside the database, in schema cron" },
  pg_squeeze: { purpose: "Rewrites bloated tables while they serve, in schema squeeze" },
  pgaudit: { purpose: "Who did what, in the server's log", schema: "extensions" },
  pg_partman: { purpose: "Keeps time partitions ahead of time", schema: "partman" },
  dblink: { purpose: "Sessions of the database with itself", schema: "dblink" },
  amcheck: { purpose: "Whether indexes and tables are whole", schema: "extensions" },
  hypopg: { purpose: "Would this index help?", schema: "extensions" },
} as const satisfies Record<string, ExtensionSpec>;
