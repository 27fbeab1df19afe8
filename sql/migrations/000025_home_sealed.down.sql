-- The way back from 000025_home_sealed.sql: homes are plain again, the column after all others.
-- squawk-ignore-file ban-drop-column, ban-drop-trigger
DROP TRIGGER profiles_audit ON users.profiles;
ALTER TABLE users.profiles ADD COLUMN home extensions.geography(Point, 4326);
UPDATE users.profiles
   SET home = extensions.st_geomfromgeojson(platform.unseal_personal(home_sealed))::extensions.geography
 WHERE home_sealed IS NOT NULL;
ALTER TABLE users.profiles DROP COLUMN home_sealed;
COMMENT ON COLUMN users.profiles.home IS 'Where they live. Not indexed: nobody looks for people by that';
CREATE TRIGGER profiles_audit AFTER INSERT OR UPDATE OR DELETE ON users.profiles
  FOR EACH ROW EXECUTE FUNCTION internal.audit(
    'user_id', '{"display_name": "***", "home": "***", "phone_sealed": "***", "licence_number_sealed": "***"}'
  );
