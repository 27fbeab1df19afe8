/**
 * Statements for a session whose statements hold verifiers: none of them reaches the server's log, its statistics or
 * `pg_stat_activity`. Superusers only.
 */
export const quietSession = [
  "SET log_statement = 'none'",
  "SET log_min_error_statement = 'panic'",
  "SET log_min_duration_statement = -1",
  "SET log_min_duration_sample = -1",
  "SET log_transaction_sample_rate = 0",
  "SET track_activities = off",
  "SET pgaudit.log = 'none'",
  "SET pg_stat_statements.track = 'none'",
]
  .map((statement) => `${statement};\n`)
  .join("");
