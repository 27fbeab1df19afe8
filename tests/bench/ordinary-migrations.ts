import { versionNumber } from "../../lib/migrations/migration";

/** What most migrations do, in turn: each takes the number of the file, from 1, and makes statements. */
const kinds: readonly ((n: number) => string[])[] = [
  (n) => [
    `CREATE TABLE content.things_${n} (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  parent_id uuid REFERENCES content.things_${n} (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  details jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
)`,
    `CREATE INDEX things_${n}_parent_id_idx ON content.things_${n} (parent_id)`,
    `COMMENT ON TABLE content.things_${n} IS 'Things of migration ${n}'`,
    `COMMENT ON COLUMN content.things_${n}.details IS 'All that has no column of its own'`,
  ],
  (n) => [
    `ALTER TABLE content.things_${n - 1} ADD COLUMN place bigint NOT NULL DEFAULT 0, ADD COLUMN deleted_at timestamptz`,
    `ALTER TABLE content.things_${n - 1} ADD CONSTRAINT things_place CHECK (place >= 0) NOT VALID`,
    `COMMENT ON COLUMN content.things_${n - 1}.deleted_at IS 'When it was thrown away'`,
  ],
  (n) => [
    `CREATE INDEX things_${n - 2}_place_idx ON content.things_${n - 2} (place, created_at DESC) WHERE deleted_at IS NULL`,
    `COMMENT ON INDEX content.things_${n - 2}_place_idx IS 'Things from the newest'`,
    `ALTER TABLE content.things_${n - 2} VALIDATE CONSTRAINT things_place`,
  ],
  (n) => [
    `CREATE FUNCTION content.touch_${n}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.created_at := now();
  RETURN NEW;
END
$$`,
    `CREATE TRIGGER touch BEFORE INSERT ON content.things_${n - 3} FOR EACH ROW EXECUTE FUNCTION content.touch_${n}()`,
    `INSERT INTO content.things_${n - 3} (name) SELECT format('thing %s', i) FROM generate_series(1, 100) AS i`,
  ],
];

/** So many migrations of the usual mix, in schema content: SQL without an end of transaction, by name. */
export function ordinaryMigrations(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const statements = kinds[index % kinds.length]!(index + 1);
      return [`${versionNumber(index + 1)}_ordinary`, statements.map((sql) => `${sql};\n`).join("\n")];
    }),
  );
}
