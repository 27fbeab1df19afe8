import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError, type Mistake } from "../errors";
import { parseFile, type SourceFile } from "./file";
import { chain, fileName, versionNumber, type Migration, type Script } from "./migration";

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
  const forward: Numbered[] = [];
  const reverses = new Map<string, Script>();
  const parse = (file: SourceFile): Script => {
    const { script, mistakes: found } = parseFile(file);
    mistakes.push(...found);
    return script;
  };
  for (const file of [...files].sort(byName)) {
    const [, name = "", digits, down] = fileName.exec(file.name) ?? [];
    if (!Number(digits)) mistakes.push(misnamed(file.name));
    else if (down) reverses.set(name, parse(file));
    else forward.push({ version: Number(digits), name, file });
  }
  mistakes.push(...numberingMistakes(forward), ...reverseMistakes(forward, reverses));

  let previous = "";
  const migrations = forward.map(({ version, name, file }): Migration => {
    const script = parse(file);
    const reverse = reverses.get(name);
    previous = chain(previous, script.content);
    return { ...script, version, name, sha256: previous, ...(reverse && { reverse }) };
  });
  return { migrations, mistakes };
}

interface Numbered {
  version: number;
  name: string;
  file: SourceFile;
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
    mend:
      "name it NNNNNN_what_it_does.sql, or its reverse NNNNNN_what_it_does.down.sql: " +
      "six digits from 000001, then lower case letters, digits and single _",
  };
}

function numberingMistakes(numbered: readonly Numbered[]): Mistake[] {
  const mistakes: Mistake[] = [];
  numbered.forEach(({ version, file }, index) => {
    const previous = numbered[index - 1];
    const expected = (previous?.version ?? 0) + 1;
    if (version === previous?.version) {
      const what = `has the same number as ${previous.file.name}`;
      mistakes.push({ where: file.name, what, mend: "give the one that is not applied yet the next free number" });
    } else if (version !== expected) {
      const missing = version === expected + 1 ? versionNumber(expected) : `${versionNumber(expected)} to ${versionNumber(version - 1)}`;
      const what = `comes after a gap: there is no ${missing}`;
      mistakes.push({ where: file.name, what, mend: "put back what was deleted, or renumber what is not applied yet" });
    }
  });
  return mistakes;
}

/** A reverse without its migration would never run. */
function reverseMistakes(forward: readonly Numbered[], reverses: ReadonlyMap<string, Script>): Mistake[] {
  const names = new Set(forward.map(({ name }) => name));
  return [...reverses]
    .filter(([name]) => !names.has(name))
    .map(([name, { file }]) => ({
      where: file,
      what: `is the reverse of no migration: there is no ${name}.sql`,
      mend: "give it the name of its migration, or delete it",
    }));
}

const byName = (a: SourceFile, b: SourceFile) => (a.name < b.name ? -1 : 1);
