-- What the law owes people: all that is kept of them, and that it goes. Which tables hold something of a person is not
-- listed anywhere: they are those that refer to auth.users. What becomes of their rows is written there as well:
-- ON DELETE CASCADE or SET NULL.
CREATE FUNCTION internal.tables_of_people() RETURNS TABLE (table_name text, columns text, is_of_person text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH related (oid, is_of_person) AS (
    SELECT c.conrelid, string_agg(format('%I = $1', a.attname), ' OR ' ORDER BY a.attnum)
      FROM pg_constraint AS c
      JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     -- A partition's foreign key is its parent's.
     WHERE c.contype = 'f' AND c.confrelid = 'auth.users'::regclass AND c.conparentid = 0
     GROUP BY c.conrelid
    UNION ALL VALUES ('auth.users'::regclass::oid, 'id = $1'), ('auth.audit_log'::regclass::oid, 'actor_id = $1')
  )
  SELECT r.oid::regclass::text,
         string_agg(
           CASE
             WHEN a.attname LIKE '%\_sealed'
               THEN format('platform.unseal_personal(%I) AS %I', a.attname, left(a.attname, -length('_sealed')))
             WHEN a.atttypid IN ('extensions.geometry'::regtype, 'extensions.geography'::regtype)
               THEN format('extensions.st_asgeojson(%1$I)::jsonb AS %1$I', a.attname)
             ELSE format('%I', a.attname)
           END,
           ', ' ORDER BY a.attnum
         ),
         r.is_of_person
    FROM related AS r
    JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE a.attgenerated = '' AND a.attname NOT IN ('password_hash', 'token_sha256')
   GROUP BY r.oid, r.is_of_person
   ORDER BY 1;
END;
COMMENT ON FUNCTION internal.tables_of_people() IS
  'Tables with rows of people: what a person may see of a row, and which are those of $1. No digests that log in';

CREATE FUNCTION internal.require_person(person uuid, purpose text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT coalesce(person = platform.current_user_id() OR platform.is_admin(), false) THEN
    PERFORM internal.deny('auth.users', jsonb_build_object('id', person), format('%s of another person', purpose));
    RAISE insufficient_privilege USING MESSAGE = format('%s: by the person alone, or an administrator', purpose);
  END IF;
  -- Whoever is about to add something of this person waits, and then finds them as they will be.
  PERFORM FROM auth.users WHERE id = person FOR UPDATE;
  IF NOT FOUND THEN
    RAISE no_data_found USING MESSAGE = format('%s: there is no account %s', purpose, person);
  END IF;
END
$$;
COMMENT ON FUNCTION internal.require_person(uuid, text) IS
  'An error unless this person or an administrator asks; locks the account';

CREATE FUNCTION platform.export_person(person uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  source record;
  found jsonb;
  everything jsonb := '{}';
BEGIN
  PERFORM internal.require_person(person, 'export');
  FOR source IN SELECT * FROM internal.tables_of_people() LOOP
    EXECUTE format(
      'SELECT coalesce(jsonb_agg(to_jsonb(entry)), ''[]'') FROM (SELECT %s FROM %s WHERE %s) AS entry',
      source.columns, source.table_name, source.is_of_person
    ) INTO found USING person;
    everything := everything || jsonb_build_object(source.table_name, found);
  END LOOP;
  RETURN everything;
END
$$;
COMMENT ON FUNCTION platform.export_person(uuid) IS
  'All that is kept of a person, unsealed: {"<schema>.<table>": [<row>, ...]}. For the person, or an administrator';

CREATE FUNCTION platform.erase_person(person uuid) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  object_keys text[];
BEGIN
  PERFORM internal.require_person(person, 'erasure');
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
COMMENT ON FUNCTION platform.erase_person(uuid) IS
  'Erases a person; what was audited stays. Keys of their files: delete those in bucket huntmaster-media, then commit';
