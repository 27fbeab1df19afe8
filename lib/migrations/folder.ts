import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError, type Mistake } from "../errors";
import { parseFile, type SourceFile } from "./file";
import { chain, fileName, type Migration } from "./migration";

/**
 * The migrations of a folder in order.
 *
 * @throws UserError with every mistake of every file, when there is any
 */
export function readMigrations(directory: string): Migration[] {
  const { migrations, mistakes } = parseMigrations(readFolder(directory));
  if (mistakes.length > 0) throw new UserError(`The migrations in ${directory} are not in order:`, mistakes);
  return migrations;
}

/** The migrations that these files are, and everything that is wrong with the files and with their order. */
export function parseMigrations(files: readonly SourceFile[]): { migrations: Migration[]; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const numbered: { version: number; file: SourceFile }[] = [];
  for (const file of [...files].sort(byName)) {
    const version = Number(fileName.exec(file.name)?.[1] ?? 0);
    if (version > 0) numbered.push({ version, file });
    else mistakes.push(misnamed(file.name));
  }
  mistakes.push(...numberingMistakes(numbered));

  let previous = "";
  const migrations = numbered.map(({ version, file }): Migration => {
    const { parsed, mistakes: found } = parseFile(file);
    mistakes.push(...found);
    previous = chain(previous, parsed.content);
    return { version, name: file.name.replace(/\.sql$/, ""), sha256: previous, ...parsed };
  });
  return { migrations, mistakes };
}

function readFolder(directory: string): SourceFile[] {
  if (!existsSync(directory)) {
    const mend = "run pulumi in the project folder, or put the folder back";
    throw new UserError("There are no migrations:", [{ where: directory, what: "is no folder", mend }]);
  }
  return readdirSync(directory, { withFileTypes: true }).map((entry) => ({
    name: entry.isDirectory() ? `${entry.name}/` : entry.name,
    bytes: entry.isDirectory() ? Buffer.alloc(0) : readFileSync(join(directory, entry.name)),
  }));
}

function misnamed(name: string): Mistake {
  return {
    where: name,
    what: "is not the name of a migration",
    mend: "name it NNNNNN_what_it_does.sql: six digits from 000001, then lower case letters, digits and single _",
  };
}

function numberingMistakes(numbered: readonly { version: number; file: SourceFile }[]): Mistake[] {
  const mistakes: Mistake[] = [];
  numbered.forEach(({ version, file }, index) => {
    const previous = numbered[index - 1];
    const expected = (previous?.version ?? 0) + 1;
    if (version === previous?.version) {
      const what = `has the same number as ${previous.file.name}`;
      mistakes.push({ where: file.name, what, mend: "give the one that is not applied yet the next free number" });
    } else if (version !== expected) {
      const missing = version === expected + 1 ? number(expected) : `${number(expected)} to ${number(version - 1)}`;
      const what = `comes after a gap: there is no ${missing}`;
      mistakes.push({ where: file.name, what, mend: "put back what was deleted, or renumber what is not applied yet" });
    }
  });
  return mistakes;
}

const number = (version: number) => String(version).padStart(6, "0");

const byName = (a: SourceFile, b: SourceFile) => (a.name < b.name ? -1 : 1);
