-- squawk-ignore-file prefer-robust-stmts
-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY assets_owner_key ON content.assets (id, owner_id);
