-- Schemas platform and internal: who asks, and what nobody but functions may change.
CALL test.make_people();
DELETE FROM internal.secrets;
INSERT INTO internal.secrets (name, value) VALUES ('identity key', sha256('first'));

SELECT test.refuses('internal.secrets', change, guard) FROM (VALUES
  ('name = ''another''', 'secrets_name_check'),
  ('value = ''short''', 'secrets_value_check')
) AS bad (change, guard);
SELECT test.has_ids('internal.secrets');

CREATE FUNCTION test.asks(key text, expires interval) RETURNS platform.identity LANGUAGE plpgsql AS $$
DECLARE
  claim CONSTANT text := format('%s:user:%s', test.alice(), extract(epoch FROM now() + expires)::bigint);
BEGIN
  PERFORM set_config('hma.identity', claim || ':'
    || encode(extensions.hmac(convert_to('identity:' || claim, 'UTF8'), sha256(key::bytea), 'sha256'), 'hex'), true);
  RETURN platform.identity();
END
$$;
CREATE FUNCTION test.knows(key text, expected boolean, description text) RETURNS text LANGUAGE sql
RETURN is(
  (test.asks(key, '1 minute')).user_id IS NOT NULL
    AND internal.is_signed('x', encode(extensions.hmac('x'::bytea, sha256(key::bytea), 'sha256'), 'hex')),
  expected, description
);
SELECT test.knows('first', true, 'who asks is known by the identity key');
SELECT test.knows('second', false, 'and by no other');
SELECT is(test.asks('first', '-1 second'), NULL::platform.identity, 'and not when that is over');

UPDATE internal.secrets SET value = sha256('second');
SELECT test.knows('second', true, 'a new key is good at once');
SELECT test.knows('first', true, 'the one before stays good');
UPDATE internal.secrets SET value = value, set_at = now();
SELECT test.knows('first', true, 'the same key again is no rotation');
SELECT is(previous_until, now() + interval '1 hour', 'for an hour') FROM internal.secrets;
UPDATE internal.secrets SET previous_until = now();
SELECT test.knows('first', false, 'then it is refused');
SELECT test.knows('second', true, 'and the new one is not');
UPDATE internal.secrets SET value = sha256('third');
SELECT test.knows('first', false, 'of three keys the oldest is refused');

SELECT ok(platform.seal_personal(NULL) IS NULL, 'nothing is sealed as nothing');
SELECT throws_ok(
  'SELECT platform.seal_personal(''x'')', '55000', NULL, 'without a key nothing is sealed rather than lost'
);
