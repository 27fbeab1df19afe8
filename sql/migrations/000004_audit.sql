-- What happened to which row, by whom. Nobody but the functions of the platform writes here, and rows are sealed into a
-- hash chain in batches, so that what is taken out or altered later is found, and writers never wait for each other.
CREATE TABLE auth.audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  occurred_at timestamptz NOT NULL DEFAULT now(),
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  actor_id uuid,
  actor_role text NOT NULL,
  action text NOT NULL CHECK (action IN ('INSERT', 'UPDATE', 'DELETE', 'DENIED')),
  table_name text NOT NULL,
  row_key jsonb NOT NULL,
  changed text[],
  before jsonb,
  after jsonb,
  reason text,
  request_id text,
  client_ip inet,
  device text,
  PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);

-- What finds no month waits here until the next maintenance moves it into one.
CREATE TABLE partitions.audit_log_default PARTITION OF auth.audit_log DEFAULT;

CREATE INDEX audit_log_actor_id_idx ON auth.audit_log (actor_id, occurred_at);
CREATE INDEX audit_log_row_idx ON auth.audit_log (table_name, row_key, occurred_at);
CREATE INDEX audit_log_transaction_id_idx ON auth.audit_log (transaction_id);

COMMENT ON TABLE auth.audit_log IS 'Audit: one row a change of an audited row, or a refusal; by month';
COMMENT ON COLUMN auth.audit_log.id IS 'Tells rows of one moment apart';
COMMENT ON COLUMN auth.audit_log.occurred_at IS 'Start of the transaction';
COMMENT ON COLUMN auth.audit_log.transaction_id IS 'Transaction that made the row; seals cover them in this order';
COMMENT ON COLUMN auth.audit_log.actor_id IS 'Person who asked, by the signed identity; null for none';
COMMENT ON COLUMN auth.audit_log.actor_role IS 'Role of the signed identity; without one, the role that logged in';
COMMENT ON COLUMN auth.audit_log.action IS 'What was done; DENIED: what was not';
COMMENT ON COLUMN auth.audit_log.table_name IS 'Table, with its schema';
COMMENT ON COLUMN auth.audit_log.row_key IS 'Primary key of the row';
COMMENT ON COLUMN auth.audit_log.changed IS 'Columns that an UPDATE changed, masked ones too';
COMMENT ON COLUMN auth.audit_log.before IS 'The row as it was, personal data masked';
COMMENT ON COLUMN auth.audit_log.after IS 'The row as it is, personal data masked';
COMMENT ON COLUMN auth.audit_log.reason IS 'Why it was denied';
COMMENT ON COLUMN auth.audit_log.request_id IS 'Request of the service, by setting hma.request_id';
COMMENT ON COLUMN auth.audit_log.client_ip IS 'Address of the client, by setting hma.client_ip';
COMMENT ON COLUMN auth.audit_log.device IS 'Device of the client, by setting hma.device';
COMMENT ON INDEX auth.audit_log_actor_id_idx IS 'What a person did';
COMMENT ON INDEX auth.audit_log_row_idx IS 'What happened to a row';
COMMENT ON INDEX auth.audit_log_transaction_id_idx IS 'What is to be sealed';

ALTER TABLE auth.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_log_platform ON auth.audit_log TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY audit_log_to_admins ON auth.audit_log FOR SELECT TO hma_app USING ((SELECT platform.is_admin()));
COMMENT ON POLICY audit_log_platform ON auth.audit_log IS 'For functions of the platform';
COMMENT ON POLICY audit_log_to_admins ON auth.audit_log IS 'Administrators read it';

CREATE TABLE auth.audit_seals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sealed_at timestamptz NOT NULL DEFAULT now(),
  from_transaction xid8 NOT NULL,
  until_transaction xid8 NOT NULL,
  row_count bigint NOT NULL,
  rows_sha256 bytea NOT NULL,
  chain_sha256 bytea NOT NULL,
  released_at timestamptz,
  CHECK (from_transaction < until_transaction)
);

COMMENT ON TABLE auth.audit_seals IS 'Seals of auth.audit_log: a hash chain over batches of its rows';
COMMENT ON COLUMN auth.audit_seals.id IS 'Place in the chain';
COMMENT ON COLUMN auth.audit_seals.sealed_at IS 'When it was sealed';
COMMENT ON COLUMN auth.audit_seals.from_transaction IS 'First transaction that it covers';
COMMENT ON COLUMN auth.audit_seals.until_transaction IS 'First transaction that it does not cover any more';
COMMENT ON COLUMN auth.audit_seals.row_count IS 'Rows that it covers';
COMMENT ON COLUMN auth.audit_seals.rows_sha256 IS 'Digest of these rows';
COMMENT ON COLUMN auth.audit_seals.chain_sha256 IS 'Digest of this and of every seal before';
COMMENT ON COLUMN auth.audit_seals.released_at IS 'When the first of its rows was let go, their time being over';

ALTER TABLE auth.audit_seals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_seals_platform ON auth.audit_seals TO hma_migrator USING (true) WITH CHECK (true);
COMMENT ON POLICY audit_seals_platform ON auth.audit_seals IS 'For functions of the platform';

CREATE FUNCTION internal.client_ip() RETURNS inet
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN nullif(current_setting('hma.client_ip', true), '')::inet;
EXCEPTION WHEN invalid_text_representation THEN
  -- A client's claim never makes a write fail.
  RETURN NULL;
END
$$;

COMMENT ON FUNCTION internal.client_ip() IS 'The address in setting hma.client_ip, if it is one';

CREATE FUNCTION internal.audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  keys text[] := string_to_array(TG_ARGV[0], ',');
  mask jsonb := TG_ARGV[1]::jsonb;
  who platform.identity := platform.identity();
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
  INSERT INTO auth.audit_log
    (actor_id, actor_role, action, table_name, row_key, changed, before, after, request_id, client_ip, device)
  VALUES (
    (who).user_id,
    coalesce((who).role, session_user),
    TG_OP,
    TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
    CASE cardinality(keys)
      WHEN 1 THEN jsonb_build_object(TG_ARGV[0], coalesce(new_row, old_row) -> TG_ARGV[0])
      ELSE (SELECT jsonb_object_agg(key, coalesce(new_row, old_row) -> key) FROM unnest(keys) AS key)
    END,
    CASE WHEN TG_OP = 'UPDATE' THEN
      ARRAY(SELECT key FROM jsonb_each(new_row) AS now (key, value) WHERE value IS DISTINCT FROM old_row -> key ORDER BY key)
    END,
    old_row || mask,
    new_row || mask,
    left(nullif(current_setting('hma.request_id', true), ''), 200),
    internal.client_ip(),
    left(nullif(current_setting('hma.device', true), ''), 200)
  );
  RETURN NULL;
END
$$;

COMMENT ON FUNCTION internal.audit() IS 'Trigger, after each row: records the change. Arguments: key columns, and what to put in the place of personal data, as JSON';

CREATE FUNCTION platform.record_denial(
  actor_id uuid, actor_role text, table_name text, row_key jsonb, reason text, request_id text, client_ip inet, device text
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO auth.audit_log
    (actor_id, actor_role, action, table_name, row_key, reason, request_id, client_ip, device)
  VALUES ($1, $2, 'DENIED', $3, $4, $5, $6, $7, $8);
END;

COMMENT ON FUNCTION platform.record_denial(uuid, text, text, jsonb, text, text, inet, text) IS 'Records a refusal; for hma_auditor alone, in a session of its own';

CREATE FUNCTION internal.deny(table_name text, row_key jsonb, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who platform.identity := platform.identity();
  connection CONSTANT text := 'hma denial';
BEGIN
  -- In a session of its own, for this one is going to be rolled back.
  PERFORM dblink.dblink_connect(connection, format(
    'host=127.0.0.1 port=%s dbname=%s user=hma_auditor password=''%s'' sslmode=require connect_timeout=3 application_name=hma-denial',
    current_setting('port'), current_database(),
    (SELECT regexp_replace(convert_from(value, 'UTF8'), '([\\''])', '\\\1', 'g') FROM internal.secrets WHERE name = 'auditor password')
  ));
  PERFORM * FROM dblink.dblink(connection, format(
    'SELECT platform.record_denial(%L, %L, %L, %L, %L, %L, %L, %L)::text',
    (who).user_id, coalesce((who).role, session_user), table_name, row_key, reason,
    left(nullif(current_setting('hma.request_id', true), ''), 200), internal.client_ip(),
    left(nullif(current_setting('hma.device', true), ''), 200)
  )) AS recorded (nothing text);
  PERFORM dblink.dblink_disconnect(connection);
EXCEPTION WHEN OTHERS THEN
  -- What is refused stays refused, recorded or not.
  RAISE WARNING 'a denial on % was not recorded: %', table_name, SQLERRM;
  IF connection = ANY (dblink.dblink_get_connections()) THEN
    PERFORM dblink.dblink_disconnect(connection);
  END IF;
END
$$;

COMMENT ON FUNCTION internal.deny(text, jsonb, text) IS 'Records a refusal that outlives the rollback of this transaction';

CREATE FUNCTION internal.digest_of_audit(from_transaction xid8, until_transaction xid8, OUT row_count bigint, OUT sha256 bytea)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET bytea_output = 'hex'
BEGIN ATOMIC
  SELECT count(*), sha256(coalesce(string_agg(sha256(convert_to(entry::text, 'UTF8')), '' ORDER BY entry.transaction_id, entry.id), ''))
    FROM auth.audit_log AS entry
   WHERE entry.transaction_id >= $1 AND entry.transaction_id < $2;
END;

COMMENT ON FUNCTION internal.digest_of_audit(xid8, xid8) IS 'How many rows these transactions left, and a digest of them';

CREATE FUNCTION internal.chain_digest(
  previous bytea, from_transaction xid8, until_transaction xid8, row_count bigint, rows_sha256 bytea
) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN sha256(previous || convert_to(format('%s %s %s', from_transaction, until_transaction, row_count), 'UTF8') || rows_sha256);

COMMENT ON FUNCTION internal.chain_digest(bytea, xid8, xid8, bigint, bytea) IS 'Link of a seal in the chain, after the link before it';

CREATE FUNCTION internal.seal_audit() RETURNS bigint
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

COMMENT ON FUNCTION internal.seal_audit() IS 'Seals what is not sealed yet; how many rows. Run by a job';

CREATE FUNCTION platform.audit_breaks() RETURNS TABLE (seal bigint, sealed_at timestamptz, what text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH checked AS (
    SELECT s.*, d.row_count AS found, d.sha256 AS digest,
           coalesce(lag(s.until_transaction) OVER chain = s.from_transaction, true)
             AND s.chain_sha256 = internal.chain_digest(
               lag(s.chain_sha256, 1, '') OVER chain, s.from_transaction, s.until_transaction, s.row_count, s.rows_sha256
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

COMMENT ON FUNCTION platform.audit_breaks() IS 'Every seal that does not fit what it sealed: rows taken out, put in or altered since. None is good';

CREATE FUNCTION internal.month_name(parent text, month date) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN parent || to_char(month, '"_"YYYY"_"MM');

COMMENT ON FUNCTION internal.month_name(text, date) IS 'Name of a month''s partition';

CREATE FUNCTION internal.make_month(parent regclass, month date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  base CONSTANT text := (SELECT relname FROM pg_class WHERE oid = parent);
  name CONSTANT text := internal.month_name(base, month);
  column_name CONSTANT text := (
    SELECT a.attname FROM pg_partitioned_table AS p JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
     WHERE p.partrelid = parent
  );
  range CONSTANT text := format('%1$I >= %2$L AND %1$I < %3$L', column_name, month::timestamptz, (month + interval '1 month')::timestamptz);
BEGIN
  IF to_regclass(format('partitions.%I', name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE partitions.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, parent);
  -- What came before there was a month for it.
  EXECUTE format(
    'WITH moved AS (DELETE FROM partitions.%I WHERE %s RETURNING *) INSERT INTO partitions.%I SELECT * FROM moved',
    base || '_default', range, name
  );
  EXECUTE format(
    'ALTER TABLE %s ATTACH PARTITION partitions.%I FOR VALUES FROM (%L) TO (%L)',
    parent, name, month::timestamptz, (month + interval '1 month')::timestamptz
  );
  EXECUTE format('COMMENT ON TABLE partitions.%I IS %L', name, format('%s of %s', to_char(month, 'YYYY-MM'), parent));
  RETURN true;
END
$$;

COMMENT ON FUNCTION internal.make_month(regclass, date) IS 'Makes a month''s partition of a table, and moves into it what waited in the default one; whether there was none';

CREATE FUNCTION internal.keep_months(parent regclass, months_ahead integer) RETURNS integer
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
RETURN (
  SELECT count(*) FILTER (WHERE internal.make_month(parent, month::date))
    FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => months_ahead), '1 month') AS month
);

COMMENT ON FUNCTION internal.keep_months(regclass, integer) IS 'Makes the partitions of this month and of those ahead that are missing; how many';

CREATE FUNCTION internal.drop_months(parent regclass, months_kept integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  oldest CONSTANT text := internal.month_name(
    (SELECT relname FROM pg_class WHERE oid = parent), (date_trunc('month', now()) - make_interval(months => months_kept))::date
  );
  gone name;
  last_transaction xid8;
  dropped integer := 0;
BEGIN
  FOR gone IN
    SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
     WHERE i.inhparent = parent AND c.relname < oldest AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
     ORDER BY c.relname
  LOOP
    IF parent = 'auth.audit_log'::regclass THEN
      EXECUTE format('SELECT transaction_id FROM partitions.%I ORDER BY transaction_id DESC LIMIT 1', gone) INTO last_transaction;
      UPDATE auth.audit_seals SET released_at = now() WHERE released_at IS NULL AND from_transaction <= last_transaction;
    END IF;
    EXECUTE format('DROP TABLE partitions.%I', gone);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;

COMMENT ON FUNCTION internal.drop_months(regclass, integer) IS 'Drops the partitions of months whose time is over; how many';

SELECT internal.keep_months('auth.audit_log', 3);
