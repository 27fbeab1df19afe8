-- Administrators leaf through the accounts from the newest, and the day's registrations are counted: both read every
-- account without this. A second for a million of them, in which nobody registers; its comment comes with it.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX users_created_at_idx ON auth.users (created_at DESC, id DESC);
COMMENT ON INDEX auth.users_created_at_idx IS 'Accounts from the newest, page by page, and those of a day';
