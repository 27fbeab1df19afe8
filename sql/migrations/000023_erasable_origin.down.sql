-- The way back from 000023_erasable_origin.sql. What is sealed since without its origin would not fit the digest of
-- before, so seals go where they cover such rows: they are made again, by the job.
-- squawk-ignore-file ban-drop-function, ban-drop-column
DELETE FROM auth.audit_seals WHERE NOT covers_origin;

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
  RETURN object_keys;
END
$$;

DROP FUNCTION internal.erase_origin(uuid);

CREATE FUNCTION internal.digest_of_audit(
  from_transaction xid8, until_transaction xid8, OUT row_count bigint, OUT sha256 bytea
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET bytea_output = 'hex'
BEGIN ATOMIC
  SELECT count(*), sha256(coalesce(
           string_agg(sha256(convert_to(entry::text, 'UTF8')), '' ORDER BY entry.transaction_id, entry.id), ''
         ))
    FROM auth.audit_log AS entry
   WHERE entry.transaction_id >= $1 AND entry.transaction_id < $2;
END;

COMMENT ON FUNCTION internal.digest_of_audit(xid8, xid8) IS
  'How many rows these transactions left, and a digest of them';

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
  batch := internal.digest_of_audit(since, horizon);
  IF batch.row_count = 0 THEN
    RETURN 0;
  END IF;
  INSERT INTO auth.audit_seals (from_transaction, until_transaction, row_count, rows_sha256, chain_sha256)
  VALUES (since, horizon, batch.row_count, batch.sha256,
          internal.chain_digest(coalesce(previous.chain_sha256, ''), since, horizon, batch.row_count, batch.sha256));
  RETURN batch.row_count;
END
$$;

DROP FUNCTION platform.audit_breaks();
DROP FUNCTION internal.digest_of_audit(xid8, xid8, boolean);
ALTER TABLE auth.audit_seals DROP COLUMN covers_origin;

CREATE FUNCTION platform.audit_breaks() RETURNS TABLE (seal bigint, sealed_at timestamptz, what text)
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
     CROSS JOIN LATERAL internal.digest_of_audit(s.from_transaction, s.until_transaction) AS d
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
COMMENT ON FUNCTION platform.audit_breaks() IS
  'Every seal that does not fit what it sealed: rows taken out, put in or altered since. None is good';
