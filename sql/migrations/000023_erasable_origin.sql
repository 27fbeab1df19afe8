-- squawk-ignore-file ban-drop-function
-- From where somebody asked goes when they are erased, though the log is sealed: seals cover each row as if it had no
-- client_ip and no device. Both are what a client claims of itself, and prove nothing. What was sealed with them before
-- keeps them, or its seal would not fit, until its months have had their time.
ALTER TABLE auth.audit_seals ADD COLUMN covers_origin boolean NOT NULL DEFAULT true;
ALTER TABLE auth.audit_seals ALTER COLUMN covers_origin SET DEFAULT false;
COMMENT ON COLUMN auth.audit_seals.covers_origin IS
  'Whether it covers client_ip and device too: those from before they could be erased';

CREATE FUNCTION internal.digest_of_audit(
  from_transaction xid8, until_transaction xid8, with_origin boolean, OUT row_count bigint, OUT sha256 bytea
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET bytea_output = 'hex'
BEGIN ATOMIC
  SELECT count(*), sha256(coalesce(
           string_agg(sha256(convert_to(sealed.entry, 'UTF8')), '' ORDER BY sealed.transaction_id, sealed.id), ''
         ))
    FROM (
      SELECT e.transaction_id, e.id,
             ROW(e.id, e.occurred_at, e.transaction_id, e.actor_id, e.actor_role, e.action, e.table_name, e.row_key,
                 e.changed, e.before, e.after, e.reason, e.request_id,
                 CASE WHEN $3 THEN e.client_ip END, CASE WHEN $3 THEN e.device END)::text AS entry
        FROM auth.audit_log AS e
       WHERE e.transaction_id >= $1 AND e.transaction_id < $2
    ) AS sealed;
END;
COMMENT ON FUNCTION internal.digest_of_audit(xid8, xid8, boolean) IS
  'How many rows these transactions left, and a digest of them, with or without from where it was asked';

CREATE OR REPLACE FUNCTION internal.seal_audit() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  previous auth.audit_seals;
  since xid8;
  -- Every transaction before it has ended: no row can come any more that belongs before it.
  horizon CONSTANT xid8 := pg_snapshot_xmin(pg_current_snapshot());
  batch record;
BEGIN
  LOCK TABLE auth.audit_seals IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO previous FROM auth.audit_seals ORDER BY id DESC LIMIT 1;
  since := coalesce(previous.until_transaction, '3');
  IF since >= horizon THEN
    RETURN 0;
  END IF;
  batch := internal.digest_of_audit(since, horizon, false);
  IF batch.row_count = 0 THEN
    RETURN 0;
  END IF;
  INSERT INTO auth.audit_seals (from_transaction, until_transaction, row_count, rows_sha256, chain_sha256)
  VALUES (since, horizon, batch.row_count, batch.sha256,
          internal.chain_digest(coalesce(previous.chain_sha256, ''), since, horizon, batch.row_count, batch.sha256));
  RETURN batch.row_count;
END
$$;

CREATE OR REPLACE FUNCTION platform.audit_breaks() RETURNS TABLE (seal bigint, sealed_at timestamptz, what text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH checked AS (
    SELECT s.*, d.row_count AS found, d.sha256 AS digest,
           coalesce(lag(s.until_transaction) OVER chain = s.from_transaction, true)
             AND s.chain_sha256 = internal.chain_digest(
               lag(s.chain_sha256, 1, '') OVER chain,
               s.from_transaction, s.until_transaction, s.row_count, s.rows_sha256
             ) AS is_chained
      FROM auth.audit_seals AS s
     CROSS JOIN LATERAL internal.digest_of_audit(s.from_transaction, s.until_transaction, s.covers_origin) AS d
    WINDOW chain AS (ORDER BY s.id)
  )
  SELECT c.id, c.sealed_at,
         CASE
           WHEN NOT c.is_chained THEN 'the chain of seals is broken'
           WHEN c.found <> c.row_count THEN format('%s rows were sealed, %s are there', c.row_count, c.found)
           ELSE 'rows were altered'
         END
    FROM checked AS c
   WHERE NOT c.is_chained OR (c.released_at IS NULL AND (c.found <> c.row_count OR c.digest <> c.rows_sha256))
   ORDER BY c.id;
END;

DROP FUNCTION internal.digest_of_audit(xid8, xid8);

CREATE FUNCTION internal.erase_origin(person uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  UPDATE auth.audit_log AS e
     SET client_ip = NULL, device = NULL
   WHERE (e.client_ip IS NOT NULL OR e.device IS NOT NULL)
     -- What they did; and when they registered they were nobody yet.
     AND (e.actor_id = $1
          OR (e.actor_id IS NULL AND e.table_name = 'auth.users' AND e.row_key = jsonb_build_object('id', $1)))
     AND e.transaction_id >= coalesce(
       (SELECT max(s.until_transaction) FROM auth.audit_seals AS s WHERE s.covers_origin), '0'
     );
END;
COMMENT ON FUNCTION internal.erase_origin(uuid) IS
  'Takes out of the audit log from where a person asked; seals still fit';

CREATE OR REPLACE FUNCTION internal.erase(person uuid) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  object_keys text[];
BEGIN
  -- By their address, from before there was an account too.
  DELETE FROM auth.login_attempts AS a USING auth.users AS u
   WHERE u.id = person AND a.email_sha256 = sha256(convert_to(lower(u.email::text), 'UTF8'));
  -- What was published stays, without its author.
  DELETE FROM content.content_items WHERE author_id = person AND status <> 'published';
  WITH gone AS (DELETE FROM content.assets WHERE owner_id = person RETURNING object_key)
  SELECT coalesce(array_agg(object_key), '{}') INTO object_keys FROM gone;
  DELETE FROM auth.users WHERE id = person;
  -- Last, for all of this is audited too.
  PERFORM internal.erase_origin(person);
  RETURN object_keys;
END
$$;
