-- The way back from 000017_accounts_by_age.sql.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX auth.users_created_at_idx;
