-- squawk-ignore-file prefer-robust-stmts
-- no-transaction
DROP INDEX CONCURRENTLY content.assets_owner_key;
