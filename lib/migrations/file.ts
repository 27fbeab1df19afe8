import type { Mistake } from "../errors";
import { parseHeader } from "./header";
import type { Script } from "./migration";
import { outsideForms, outsideOnly, parseOutside } from "./outside";
import { splitStatements, Unterminated, type Statement } from "./statements";

/** A file as it lies on disk. */
export interface SourceFile {
  name: string;
  bytes: Buffer;
}

const byteOrderMark = "\ufeff";

/**
 * Statements that would end the transaction in which the whole file is applied, and so leave half of it behind.
 * `END` alone ends one as well; inside a function's body it never starts a statement.
 */
const transactionControl =
  /^(BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE\s+TRANSACTION)\b/i;

/** It waits for data that nobody sends. */
const copyFromClient = /^COPY\b.*?\bFROM\s+STDIN\b/is;

/** Reads one file, and says everything that is wrong with it. */
export function parseFile({ name, bytes }: SourceFile): { script: Script; mistakes: Mistake[] } {
  const content = bytes.toString("utf8");
  const mistakes: Mistake[] = [];
  const refuse = (what: string, mend: string, line?: number) => {
    mistakes.push({ where: line === undefined ? name : `${name}:${line}`, what, mend });
  };

  if (!Buffer.from(content, "utf8").equals(bytes)) refuse("is not valid UTF-8", "save it as UTF-8");
  if (content.startsWith(byteOrderMark)) refuse("begins with a byte order mark", "save it as UTF-8 without BOM");
  if (content.includes("\0")) refuse("contains a NUL byte", "remove it; Postgres takes no NUL in text");
  const carriageReturn = content.indexOf("\r");
  if (carriageReturn >= 0) {
    refuse("has CR line ends", "save it with LF line ends", content.slice(0, carriageReturn).split("\n").length);
  }
  const statements = split(content.replace(byteOrderMark, ""), refuse);
  if (statements?.length === 0) refuse("is empty", "write at least one statement, or delete the file");
  const header = parseHeader(content, statements?.[0]?.line ?? Infinity, refuse);
  const refuseWrong = header.transaction ? refuseInTransaction : refuseOnItsOwn;
  for (const statement of statements ?? []) refuseWrong(statement, refuse);
  return { script: { file: name, content, statements: statements ?? [], ...header }, mistakes };
}

/** What a file cannot hold that is applied in one transaction. */
function refuseInTransaction(statement: Statement, refuse: RefuseLine): void {
  const [control] = transactionControl.exec(statement.text) ?? [];
  const outside = outsideOnly(statement);
  if (control) refuse(`${control.toUpperCase()} would end the migration's own transaction`, "remove it", statement.line);
  if (copyFromClient.test(statement.text)) refuse("COPY FROM STDIN has no data here", "write INSERT", statement.line);
  if (outside) {
    const mend = "move it to a migration of its own that begins with the line -- no-transaction";
    refuse(`${outside} cannot run in a transaction`, mend, statement.line);
  }
}

/** What a no-transaction file cannot hold: a failure would leave it half applied, with no way to go on. */
function refuseOnItsOwn(statement: Statement, refuse: RefuseLine): void {
  if (parseOutside(statement)) return;
  const mend = `only these can: ${outsideForms}; move all others to a migration of their own`;
  refuse("cannot stand in a no-transaction file", mend, statement.line);
}

type RefuseLine = (what: string, mend: string, line: number) => void;

function split(content: string, refuse: RefuseLine): Statement[] | undefined {
  try {
    return splitStatements(content);
  } catch (error) {
    if (!(error instanceof Unterminated)) throw error;
    refuse(`the ${error.what} that begins here never ends`, "close it", error.line);
    return undefined;
  }
}
