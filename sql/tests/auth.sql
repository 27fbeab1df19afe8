CALL test.make_people();
INSERT INTO auth.sessions (user_id, expires_at) SELECT id, now() + interval '1 day' FROM auth.users;
INSERT INTO auth.refresh_tokens (user_id, family_id, token_sha256, expires_at)
SELECT id, id, sha256(uuid_send(id)), now() + interval '1 day' FROM auth.users;
INSERT INTO auth.password_resets (user_id, token_sha256, expires_at)
SELECT id, sha256(uuid_send(id)), now() + interval '1 day' FROM auth.users;
INSERT INTO auth.legal_acceptance (user_id, document, version)
SELECT id, document, '1' FROM auth.users, unnest(ARRAY['terms', 'privacy']) AS document;
INSERT INTO auth.external_identities (issuer, subject, user_id)
SELECT 'https://id.example.test', id::text, id FROM auth.users;
INSERT INTO auth.login_attempts (user_id, email_sha256, succeeded) SELECT id, sha256('x'), true FROM auth.users;
INSERT INTO auth.breach_log (discovered_at, summary, affected_users, data_categories) VALUES (now(), 'x', 0, '{}');

SELECT test.has_ids(name) FROM unnest(ARRAY[
  'auth.users', 'auth.sessions', 'auth.refresh_tokens', 'auth.password_resets', 'auth.legal_acceptance',
  'auth.external_identities', 'auth.login_attempts', 'auth.breach_log', 'auth.audit_log', 'auth.audit_seals'
]::regclass[]) AS name;

SELECT test.accepts('auth.users', 'role = ''admin''');
SELECT test.accepts('auth.users', 'email = ''ALICE@example.test'' WHERE id = test.alice()');
SELECT test.refuses('auth.users', change, guard) FROM (VALUES
  ('email = ''nobody''', 'users_email_shape'),
  ('email = ''a b@example.test''', 'users_email_shape'),
  ('email = repeat(''x'', 250) || ''@x.org''', 'users_email_shape'),
  ('email = ''Alice@Example.Test'' WHERE id = test.bob()', 'users_email_key'),
  ('role = ''owner''', 'users_role_known')
) AS bad (change, guard);

-- The age gate, on any day: the constraint as it stands, by another clock.
CREATE FUNCTION test.adult(birth date, at text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  rule CONSTANT text := (
    SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
     WHERE conname = 'users_adult' AND conrelid = 'auth.users'::regclass
  );
  adult boolean;
BEGIN
  EXECUTE format(
    'SELECT %s FROM (SELECT $1) AS u (birth_date)', replace(rule, 'now()', quote_literal(at) || '::timestamptz')
  ) INTO adult USING birth;
  RETURN adult;
END
$$;
SELECT is(test.adult(birth::date, at), adult, format('born on %s, at %s: %s', birth, at, adult)) FROM (VALUES
  ('2008-06-15', '2026-06-14 23:59:59Z', false),
  ('2008-06-15', '2026-06-15 00:00:00Z', true),
  ('2008-02-29', '2026-02-28 23:59:59Z', false),
  ('2008-02-29', '2026-03-01 00:00:00Z', true),
  ('2006-02-28', '2024-02-28 00:00:00Z', true),
  ('2006-03-01', '2024-02-29 23:59:59Z', false),
  ('2006-03-01', '2024-03-01 00:00:00Z', true),
  ('2008-06-15', '2026-06-15 08:00:00+14', false)
) AS birthday (birth, at, adult);
CREATE FUNCTION test.born(shift interval) RETURNS text LANGUAGE sql RETURN format(
  'birth_date = %L', (now() AT TIME ZONE 'UTC' - interval '18 years')::date + shift
);
SELECT test.accepts('auth.users', test.born('0 days'));
SELECT test.accepts('auth.users', test.born('-1 day'));
SELECT test.refuses('auth.users', test.born('1 day') || ' WHERE id = test.bob()', 'users_adult');
SELECT isnt_empty(
  $$SELECT FROM auth.audit_log
     WHERE action = 'DENIED' AND row_key = jsonb_build_object('id', test.bob()) AND reason = 'under 18 years'
       AND occurred_at >= now()$$,
  'and that is on record'
);
SELECT throws_ok(
  'SET LOCAL SESSION AUTHORIZATION hma_app; INSERT INTO auth.users (email, password_hash, birth_date, role)
   VALUES (''x@example.test'', ''x'', ''1980-01-01'', ''admin'')',
  '42501', 'only an administrator gives roles', 'nobody gives themselves a role'
);

SELECT test.refuses('auth.sessions', change, guard) FROM (VALUES
  ('device = repeat(''x'', 201)', 'sessions_device_check'),
  ('expires_at = created_at', 'sessions_check'),
  ('user_id = gen_random_uuid()', 'sessions_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('auth.refresh_tokens', change, guard) FROM (VALUES
  ('token_sha256 = ''short''', 'refresh_tokens_token_sha256_check'),
  ('token_sha256 = sha256(''x'')', 'refresh_tokens_token_sha256_key'),
  ('expires_at = created_at', 'refresh_tokens_check'),
  ('user_id = gen_random_uuid()', 'refresh_tokens_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('auth.password_resets', change, guard) FROM (VALUES
  ('token_sha256 = ''short''', 'password_resets_token_sha256_check'),
  ('token_sha256 = sha256(''x'')', 'password_resets_token_sha256_key'),
  ('expires_at = created_at', 'password_resets_check'),
  ('user_id = gen_random_uuid()', 'password_resets_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('auth.external_identities', change, guard) FROM (VALUES
  ('issuer = ''''', 'external_identities_issuer_check'),
  ('subject = ''''', 'external_identities_subject_check'),
  ('subject = ''same''', 'external_identities_issuer_subject_key'),
  ('user_id = gen_random_uuid()', 'external_identities_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('auth.legal_acceptance', change, guard) FROM (VALUES
  ('document = ''privacy''', 'legal_acceptance_user_id_document_version_key'),
  ('document = ''licence''', 'legal_acceptance_document_check'),
  ('user_id = gen_random_uuid()', 'legal_acceptance_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('auth.login_attempts', change, guard) FROM (VALUES
  ('email_sha256 = ''x''', 'login_attempts_email_sha256_check'),
  ('device = repeat(''x'', 201)', 'login_attempts_device_check'),
  ('user_id = gen_random_uuid()', 'login_attempts_user_id_fkey')
) AS bad (change, guard);
SELECT test.refuses('auth.breach_log', 'affected_users = -1', 'breach_log_affected_users_check');
SELECT test.refuses('auth.audit_log', 'action = ''SELECT''', 'audit_log_action_check');
SELECT throws_like(
  $$INSERT INTO auth.audit_seals (from_transaction, until_transaction, row_count, rows_sha256, chain_sha256)
    VALUES ('5', '5', 0, '', '')$$,
  '%"audit_seals_check"%', 'a seal covers something'
);

SELECT test.touches(name) FROM unnest(ARRAY['auth.users', 'auth.breach_log']::regclass[]) AS name;

-- What is routine is not on record; what departs from it is.
CREATE FUNCTION test.entries(name text) RETURNS bigint LANGUAGE sql RETURN (
  SELECT count(*) FROM auth.audit_log WHERE table_name = name AND transaction_id = pg_current_xact_id()
);
CREATE FUNCTION test.adds(name text, statement text, added bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  before CONSTANT bigint := test.entries(name);
BEGIN
  EXECUTE statement;
  RETURN is(test.entries(name) - before, added, format('%s on record: %s', added, statement));
END
$$;
SELECT test.adds(name, statement, added) FROM (VALUES
  ('auth.sessions', 'UPDATE auth.sessions SET last_seen_at = now() + interval ''1 second''', 0),
  ('auth.sessions', 'UPDATE auth.sessions SET ended_at = now(), last_seen_at = now()', 2),
  ('auth.sessions', 'DELETE FROM auth.sessions WHERE user_id = test.bob()', 1),
  ('auth.refresh_tokens', 'UPDATE auth.refresh_tokens SET used_at = now()', 0),
  ('auth.refresh_tokens', 'UPDATE auth.refresh_tokens SET revoked_at = now(), used_at = NULL', 2),
  ('auth.refresh_tokens', 'UPDATE auth.refresh_tokens SET token_sha256 = sha256(token_sha256)', 2),
  ('auth.refresh_tokens', 'DELETE FROM auth.refresh_tokens WHERE user_id = test.bob()', 1)
) AS case_ (name, statement, added);
UPDATE auth.sessions SET created_at = now() - interval '9 days', expires_at = now() - interval '8 days';
UPDATE auth.refresh_tokens SET created_at = now() - interval '9 days', expires_at = now() - interval '8 days';
SELECT test.adds(name, 'SELECT internal.purge_expired()', 0)
  FROM unnest(ARRAY['auth.sessions', 'auth.refresh_tokens']) AS name;
SELECT is_empty('SELECT FROM auth.sessions', 'what has expired goes a week later');
SELECT test.on_record('auth.sessions', '{DELETE,INSERT,UPDATE}');
SELECT test.on_record('auth.refresh_tokens', '{DELETE,UPDATE}');
SELECT ok(
  bool_and(coalesce(before, after) ->> 'token_sha256' = '***'), 'digests of tokens are masked'
) FROM auth.audit_log WHERE table_name = 'auth.refresh_tokens' AND transaction_id = pg_current_xact_id();

SELECT test.goes_with_alice('auth.external_identities', 'user_id');
SELECT test.goes_with_alice('auth.legal_acceptance', 'user_id');
SELECT test.goes_with_alice('auth.password_resets', 'user_id');
SELECT test.goes_with_alice('auth.login_attempts', 'user_id');
SELECT test.on_record(name, '{DELETE,INSERT}')
  FROM unnest(ARRAY['auth.external_identities', 'auth.legal_acceptance', 'auth.password_resets']::regclass[]) AS name;
SELECT test.on_record('auth.breach_log', '{INSERT,UPDATE}');
SELECT test.on_record('auth.users', '{DELETE,INSERT,UPDATE}');
