import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of migrations for one test, to be changed at will. */
export class MigrationFolder {
  readonly path = mkdtempSync(join(tmpdir(), "hma-migrations-"));

  /** @param files by name; without them the project's own migrations */
  constructor(files?: Record<string, string>) {
    if (!files) cpSync("sql/migrations", this.path, { recursive: true });
    for (const [name, content] of Object.entries(files ?? {})) this.write(name, content);
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.path, name), content);
  }

  read(name: string): Buffer {
    return readFileSync(join(this.path, name));
  }

  delete(name: string): void {
    rmSync(join(this.path, name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
