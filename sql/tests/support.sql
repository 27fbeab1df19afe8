-- What the tests of every schema use, in a schema of their own in a database that is thrown away: two people with a
-- file each, and what is asked of many tables. An assertion names the constraint that has to refuse, not any error.
CREATE SCHEMA test;

CREATE FUNCTION test.alice() RETURNS uuid IMMUTABLE RETURN 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'::uuid;
CREATE FUNCTION test.bob() RETURNS uuid IMMUTABLE RETURN 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'::uuid;

-- The file of a person has the person's id.
CREATE PROCEDURE test.make_people() LANGUAGE sql BEGIN ATOMIC
  INSERT INTO auth.users (id, email, password_hash, birth_date)
  VALUES (test.alice(), 'alice@example.test', 'x', '1980-01-01'), (test.bob(), 'bob@example.test', 'x', '1980-01-01');
  INSERT INTO content.assets (id, owner_id, object_key, media_type, size_bytes, sha256)
  SELECT id, id, id::text, 'image/png', 1, sha256('x') FROM auth.users;
END;

CREATE FUNCTION test.refuses(name regclass, change text, guard text) RETURNS text LANGUAGE sql
RETURN throws_like(
  format('UPDATE %s SET %s', name, change), format('%%"%s"%%', guard), format('%s refuses %s', name, left(change, 80))
);

CREATE FUNCTION test.accepts(name regclass, change text) RETURNS text LANGUAGE sql
RETURN lives_ok(
  format('UPDATE %s SET %s', name, change), format('%s accepts %s', name, left(change, 80))
);

CREATE FUNCTION test.has_ids(name regclass) RETURNS text LANGUAGE sql
RETURN ok(
  EXISTS (SELECT FROM pg_constraint WHERE conrelid = name AND contype = 'p'),
  format('rows of %s can be told apart', name)
);

-- All rows of a table, whatever it is told.
CREATE FUNCTION test.touches(name regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  touched boolean;
BEGIN
  EXECUTE format('UPDATE %s SET updated_at = ''2000-01-01Z''', name);
  EXECUTE format('SELECT coalesce(bool_and(updated_at = now()), false) FROM %s', name) INTO touched;
  RETURN ok(touched, format('%s says when a row last changed', name));
END
$$;

-- What this transaction has put on record of a table.
CREATE FUNCTION test.on_record(name regclass, actions text[]) RETURNS text LANGUAGE sql
RETURN is(
  ARRAY(
    SELECT DISTINCT action FROM auth.audit_log
     WHERE table_name = name::text AND transaction_id = pg_current_xact_id() ORDER BY 1
  ),
  actions, format('of %s is on record: %s', name, array_to_string(actions, ', '))
);

-- The job that deletes what was thrown away, as the role that it runs as.
CREATE PROCEDURE test.purge() LANGUAGE sql SECURITY DEFINER AS 'SELECT internal.purge_deleted(30)';
ALTER PROCEDURE test.purge() OWNER TO hma_migrator;

-- Whose rows are left after Alice is erased.
CREATE FUNCTION test.goes_with_alice(name regclass, owner_column text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  owners uuid[];
BEGIN
  PERFORM internal.erase(test.alice()) WHERE EXISTS (SELECT FROM auth.users WHERE id = test.alice());
  EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %s', owner_column, name) INTO owners;
  RETURN is(owners, ARRAY[test.bob()], format('%s: a person''s rows go with the person, others'' stay', name));
END
$$;
