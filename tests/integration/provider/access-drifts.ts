/** What a hand may do to a server's access, as SQL, and the paths under which a preview names it. */
export const drifts: [string, string[]][] = [
  ["GRANT SELECT ON auth.users TO analytics_reader", ['drift.auth.analytics_reader["SELECT on auth.users"]']],
  [
    "GRANT SELECT (email) ON auth.users TO analytics_reader",
    ['drift.auth.analytics_reader["SELECT on auth.users.email"]'],
  ],
  ["GRANT USAGE ON SCHEMA auth TO PUBLIC", ['drift.auth.public["USAGE on schema auth"]']],
  [
    "GRANT INSERT ON auth.users TO hma_app WITH GRANT OPTION",
    ['drift.auth.hma_app["grant option for INSERT on auth.users"]'],
  ],
  ["REVOKE INSERT ON auth.users FROM hma_app", ['drift.auth.hma_app["INSERT on auth.users"]']],
  ["REVOKE SELECT ON auth.users FROM hma_migrator", ['drift.auth.hma_migrator["SELECT on auth.users"]']],
  [
    "REVOKE USAGE ON SCHEMA analytics FROM analytics_reader",
    ['drift.analytics.analytics_reader["USAGE on schema analytics"]'],
  ],
  [
    "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO hma_app",
    ['drift.pg_catalog.hma_app["EXECUTE on function pg_catalog.pg_read_file(text)"]'],
  ],
  [
    "GRANT EXECUTE ON FUNCTION extensions.pg_stat_statements_reset TO hma_app",
    ['drift.extensions.hma_app["EXECUTE on function extensions.pg_stat_statements_reset(oid, oid, bigint, boolean)"]'],
  ],
  ["REVOKE SELECT ON pg_class FROM PUBLIC", ['drift.pg_catalog.public["SELECT on pg_catalog.pg_class"]']],
  ["GRANT TEMPORARY ON DATABASE huntmaster TO hma_app", ['drift.server.hma_app["TEMPORARY on database huntmaster"]']],
  ["GRANT CONNECT ON DATABASE postgres TO PUBLIC", ['drift.server.public["CONNECT on database postgres"]']],
  ["GRANT SET ON PARAMETER log_statement TO hma_app", ['drift.server.hma_app["SET on parameter log_statement"]']],
  [
    "SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO hma_app",
    ['drift.server.hma_app["SELECT on large object 4711"]'],
  ],
  [
    "ALTER DEFAULT PRIVILEGES FOR ROLE hma_migrator IN SCHEMA auth GRANT SELECT ON TABLES TO analytics_reader",
    ['drift.auth.analytics_reader["SELECT on new tables of hma_migrator"]'],
  ],
  [
    "ALTER DEFAULT PRIVILEGES FOR ROLE hma_migrator GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    ['drift.server.public["EXECUTE on new functions of hma_migrator"]'],
  ],
  [
    "ALTER DEFAULT PRIVILEGES FOR ROLE hma_migrator IN SCHEMA users REVOKE SELECT ON TABLES FROM hma_app",
    ['drift.users.hma_app["SELECT on new tables of hma_migrator"]'],
  ],
  [
    "ALTER ROLE hma_app CREATEROLE CONNECTION LIMIT 3",
    ["drift.roles.hma_app.connectionLimit", "drift.roles.hma_app.createRole"],
  ],
  ["ALTER ROLE analytics_reader SUPERUSER", ["drift.roles.analytics_reader.superuser"]],
  [
    "ALTER ROLE hma_monitor NOLOGIN VALID UNTIL '2030-01-01'",
    ["drift.roles.hma_monitor.login", "drift.roles.hma_monitor.validUntil"],
  ],
  ["ALTER ROLE hma_app PASSWORD 'by hand'", ["drift.roles.hma_app.password"]],
  ["ALTER ROLE hma_app PASSWORD NULL", ["drift.roles.hma_app.password"]],
  ["ALTER ROLE hma_app SET work_mem = '1GB'", ['drift.settings["role hma_app"].work_mem']],
  ["ALTER ROLE hma_app SET search_path = public, extensions", ['drift.settings["role hma_app"].search_path']],
  [
    "ALTER ROLE hma_app IN DATABASE huntmaster SET row_security = off",
    ['drift.settings["role hma_app in database huntmaster"].row_security'],
  ],
  ["ALTER DATABASE huntmaster SET row_security = off", ['drift.settings["database huntmaster"].row_security']],
  ["GRANT hma_migrator TO hma_app", ['drift.roles.hma_app["member of hma_migrator"]']],
  ["REVOKE pg_monitor FROM hma_monitor", ['drift.roles.hma_monitor["member of pg_monitor"]']],
  [
    "GRANT pg_monitor TO hma_monitor WITH ADMIN OPTION",
    ['drift.roles.hma_monitor["member of pg_monitor with ADMIN"]', 'drift.roles.hma_monitor["member of pg_monitor"]'],
  ],
  [
    "CREATE ROLE eve LOGIN PASSWORD 'x'; GRANT CONNECT ON DATABASE huntmaster TO eve; GRANT SELECT ON auth.users TO eve; ALTER ROLE eve SET work_mem = '1GB'",
    [
      'drift.auth.eve["SELECT on auth.users"]',
      'drift.roles.eve["the role itself"]',
      'drift.server.eve["CONNECT on database huntmaster"]',
    ],
  ],
  ["ALTER TABLE auth.users OWNER TO hma_app", ['drift.auth.owner["table auth.users is owned by hma_app"]']],
  ["ALTER SCHEMA events OWNER TO hma_app", ['drift.events.owner["schema events is owned by hma_app"]']],
  [
    "CREATE FUNCTION auth.by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ['drift.auth.owner["function auth.by_hand() is owned by hma_admin"]'],
  ],
  [
    "CREATE SCHEMA by_hand; GRANT CREATE ON SCHEMA by_hand TO hma_app",
    ['drift.by_hand.hma_app["CREATE on schema by_hand"]'],
  ],
];
