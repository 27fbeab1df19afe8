-- Accounts. Sessions, consent, audit and row-level security come with migrations of their own.
CREATE TABLE auth.users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL,
  password_hash text NOT NULL,
  birth_date date NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_email_shape CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
  -- A CHECK on the current date is not immutable, and Postgres allows it. It is safe here because time only moves one
  -- way: a row that has passed passes for ever, so a dump can always be restored. UTC, and not the session's time
  -- zone, which a client may choose.
  CONSTRAINT users_adult CHECK (birth_date <= ((now() AT TIME ZONE 'UTC') - interval '18 years')::date)
);

-- Nobody registers twice by writing an address differently; logins look up by the same expression.
CREATE UNIQUE INDEX users_email_key ON auth.users (lower(email));

COMMENT ON TABLE auth.users IS 'Accounts: one row a person';
COMMENT ON COLUMN auth.users.id IS 'Random, so that it tells nothing and cannot be guessed';
COMMENT ON COLUMN auth.users.email IS 'Login name, as the person wrote it; unique whatever the case';
COMMENT ON COLUMN auth.users.password_hash IS 'Argon2id in PHC string format; never the password';
COMMENT ON COLUMN auth.users.birth_date IS 'For the age gate: 18 years or older';
COMMENT ON COLUMN auth.users.created_at IS 'When the account was made';
COMMENT ON COLUMN auth.users.updated_at IS 'When the row last changed';
COMMENT ON CONSTRAINT users_email_shape ON auth.users IS 'Something, @, something, no spaces; at most 254 characters (RFC 5321)';
COMMENT ON CONSTRAINT users_adult ON auth.users IS 'Age gate: at least 18 years old, by the calendar in UTC';
COMMENT ON INDEX auth.users_email_key IS 'One account an address, whatever the case; serves the lookup at login';
