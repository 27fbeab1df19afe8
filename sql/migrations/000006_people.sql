-- Who people are to the product. Row-level security shows a profile to its person and to administrators; what would
-- hurt most in a stolen dump is sealed by a key that a dump does not hold.
CREATE FUNCTION internal.personal_data_key() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key CONSTANT text := (SELECT encode(value, 'hex') FROM internal.secrets WHERE name = 'personal data key');
BEGIN
  IF key IS NULL THEN
    -- Sealing with no key would give null, and lose what was to be kept.
    RAISE object_not_in_prerequisite_state
      USING MESSAGE = 'there is no personal data key in internal.secrets', HINT = 'The deployment sets it: make up.';
  END IF;
  RETURN key;
END
$$;
COMMENT ON FUNCTION internal.personal_data_key() IS
  'Passphrase of what is sealed: the key in hex; an error without one';

-- The key is random already: stretching it (s2k-mode 3) would cost time and add nothing.
CREATE FUNCTION platform.seal_personal(plain text) RETURNS bytea
LANGUAGE sql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN extensions.pgp_sym_encrypt($1, internal.personal_data_key(), 'cipher-algo=aes256, s2k-mode=1');
COMMENT ON FUNCTION platform.seal_personal(text) IS 'Encrypts a value for a column *_sealed; different every time';

CREATE FUNCTION platform.unseal_personal(sealed bytea) RETURNS text
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN extensions.pgp_sym_decrypt($1, internal.personal_data_key());
COMMENT ON FUNCTION platform.unseal_personal(bytea) IS 'Decrypts a value of a column *_sealed; an error for any other';

CREATE TABLE users.profiles (
  user_id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
  display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 50 AND display_name = btrim(display_name)),
  experience text NOT NULL DEFAULT 'beginner' CHECK (experience IN ('beginner', 'intermediate', 'advanced', 'expert')),
  home extensions.geography(Point, 4326),
  avatar_asset_id uuid REFERENCES content.assets (id) ON DELETE SET NULL,
  phone_sealed bytea CHECK (length(phone_sealed) <= 500),
  licence_number_sealed bytea CHECK (length(licence_number_sealed) <= 500),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX profiles_avatar_asset_id_idx ON users.profiles (avatar_asset_id);

COMMENT ON TABLE users.profiles IS 'What people tell of themselves: at most one row a person';
COMMENT ON COLUMN users.profiles.user_id IS 'Whose it is';
COMMENT ON COLUMN users.profiles.display_name IS 'What others call them; need not be unique';
COMMENT ON COLUMN users.profiles.experience IS 'beginner, intermediate, advanced, expert, as they see it';
COMMENT ON COLUMN users.profiles.home IS 'Where they live. Not indexed: nobody looks for people by that';
COMMENT ON COLUMN users.profiles.avatar_asset_id IS 'Their picture';
COMMENT ON COLUMN users.profiles.phone_sealed IS 'Telephone number, by platform.seal_personal';
COMMENT ON COLUMN users.profiles.licence_number_sealed IS 'Number of the hunting licence, by platform.seal_personal';
COMMENT ON COLUMN users.profiles.created_at IS 'When the profile was made';
COMMENT ON COLUMN users.profiles.updated_at IS 'When the row last changed';
COMMENT ON INDEX users.profiles_avatar_asset_id_idx IS 'The foreign key';

CREATE TABLE users.preferences (
  user_id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
  units text NOT NULL DEFAULT 'metric' CHECK (units IN ('metric', 'imperial')),
  language text NOT NULL DEFAULT 'en' CHECK (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  notifications jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(notifications) = 'object' AND length(notifications::text) <= 10000),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE users.preferences IS 'How the product is to behave: at most one row a person';
COMMENT ON COLUMN users.preferences.user_id IS 'Whose they are';
COMMENT ON COLUMN users.preferences.units IS 'metric or imperial, for display; the database keeps metres and grams';
COMMENT ON COLUMN users.preferences.language IS 'Language, and region if it matters, such as en or pt-BR (BCP 47)';
COMMENT ON COLUMN users.preferences.notifications IS 'What to tell them and how: {"<kind>": ["email", "push"]}';
COMMENT ON COLUMN users.preferences.created_at IS 'When they were first set';
COMMENT ON COLUMN users.preferences.updated_at IS 'When the row last changed';

CREATE TRIGGER profiles_touch BEFORE UPDATE ON users.profiles FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER preferences_touch BEFORE UPDATE ON users.preferences FOR EACH ROW EXECUTE FUNCTION internal.touch();
CREATE TRIGGER profiles_audit AFTER INSERT OR UPDATE OR DELETE ON users.profiles
  FOR EACH ROW EXECUTE FUNCTION internal.audit(
    'user_id', '{"display_name": "***", "home": "***", "phone_sealed": "***", "licence_number_sealed": "***"}'
  );

ALTER TABLE users.profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE users.preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY profiles_platform ON users.profiles TO hma_migrator USING (true) WITH CHECK (true);
CREATE POLICY preferences_platform ON users.preferences TO hma_migrator USING (true) WITH CHECK (true);

CREATE POLICY profiles_owner ON users.profiles TO hma_app USING (user_id = (SELECT platform.current_user_id()));
CREATE POLICY preferences_owner ON users.preferences TO hma_app USING (user_id = (SELECT platform.current_user_id()));

CREATE POLICY profiles_to_admins ON users.profiles TO hma_app USING ((SELECT platform.is_admin()));
CREATE POLICY preferences_to_admins ON users.preferences TO hma_app USING ((SELECT platform.is_admin()));
