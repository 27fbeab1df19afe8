-- What 000033_failed_uploads.sql asks of new rows, the old ones keep as well: they are read while others write.
ALTER TABLE content.assets VALIDATE CONSTRAINT assets_status_check;
ALTER TABLE content.assets VALIDATE CONSTRAINT assets_refusal_reason;
