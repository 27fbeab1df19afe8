-- Where people live hurts in a stolen dump as much as their telephone number, and nothing looks anybody up by it. No
-- service uses the plain column yet. There are few profiles: all are sealed here, without a line in the audit log.
-- squawk-ignore-file ban-drop-column, ban-drop-trigger
DROP TRIGGER profiles_audit ON users.profiles;
ALTER TABLE users.profiles ADD COLUMN home_sealed bytea CHECK (length(home_sealed) <= 500);
UPDATE users.profiles SET home_sealed = platform.seal_personal(extensions.st_asgeojson(home)) WHERE home IS NOT NULL;
ALTER TABLE users.profiles DROP COLUMN home;
COMMENT ON COLUMN users.profiles.home_sealed IS 'Where they live: a point in GeoJSON, by platform.seal_personal';

CREATE TRIGGER profiles_audit AFTER INSERT OR UPDATE OR DELETE ON users.profiles
  FOR EACH ROW EXECUTE FUNCTION internal.audit(
    'user_id', '{"display_name": "***", "home_sealed": "***", "phone_sealed": "***", "licence_number_sealed": "***"}'
  );
