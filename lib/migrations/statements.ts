/** One SQL statement, without its semicolon. */
export interface Statement {
  text: string;
  /** Line in the file on which it begins, from 1. */
  line: number;
}

/** Where a string, quoted name, dollar quote or comment begins that never ends. */
export class Unterminated extends Error {
  constructor(
    readonly what: string,
    readonly line: number,
  ) {
    super(`unterminated ${what}`);
  }
}

const token = {
  space: /\s+|--[^\n]*/y,
  escapedString: /[eE]'(?:[^'\\]|\\[^]|'')*'/y,
  string: /'(?:[^']|'')*'/y,
  quotedName: /"(?:[^"]|"")*"/y,
  dollar: /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y,
  word: /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y,
};

const routine = /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)$/;

/**
 * The statements of a file, as psql would cut it: semicolons inside strings, quoted names, dollar quotes, comments,
 * parentheses (CREATE RULE) and BEGIN ATOMIC bodies end nothing. Statements run one by one, so that whatever fails
 * can be shown with its line, also where Postgres tells no position.
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start: number | undefined;
  let words: string[] = [];
  let parentheses = 0;
  let atomic = 0;

  // Asked for ever later places.
  let [line, counted] = [1, 0];
  const lineAt = (offset: number) => {
    for (; counted < offset; counted += 1) if (sql[counted] === "\n") line += 1;
    return line;
  };
  const finish = (end: number) => {
    if (start !== undefined) statements.push({ text: sql.slice(start, end).trimEnd(), line: lineAt(start) });
    start = undefined;
    words = [];
    parentheses = 0;
    atomic = 0;
  };
  const match = (pattern: RegExp, offset: number): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.test(sql) ? sql.slice(offset, pattern.lastIndex) : undefined;
  };
  const readWord = (word: string) => {
    const upper = word.toUpperCase();
    if (atomic > 0 && upper === "CASE") atomic += 1;
    if (atomic > 0 && upper === "END") atomic -= 1;
    if (upper === "ATOMIC" && words.at(-1) === "BEGIN" && isRoutine(words)) atomic += 1;
    words.push(upper);
  };

  let offset = 0;
  while (offset < sql.length) {
    const blank = match(token.space, offset) ?? blockComment(sql, offset, lineAt);
    if (blank !== undefined) {
      offset += blank.length;
      continue;
    }
    if (sql[offset] === ";" && parentheses === 0 && atomic === 0) {
      finish(offset);
      offset += 1;
      continue;
    }
    start ??= offset;
    const quoted = quotation(sql, offset, match, lineAt);
    const word = quoted === undefined ? match(token.word, offset) : undefined;
    if (word !== undefined) readWord(word);
    if (sql[offset] === "(") parentheses += 1;
    if (sql[offset] === ")") parentheses = Math.max(0, parentheses - 1);
    offset += (quoted ?? word ?? sql[offset]!).length;
  }
  finish(sql.length);
  return statements;
}

function isRoutine(words: readonly string[]): boolean {
  return [2, 4].some((count) => routine.test(words.slice(0, count).join(" ")));
}

type Match = (pattern: RegExp, offset: number) => string | undefined;
type LineAt = (offset: number) => number;

/** The string, quoted name or dollar quote that begins here. */
function quotation(sql: string, offset: number, match: Match, lineAt: LineAt): string | undefined {
  const first = sql[offset];
  if (first === "'") return match(token.string, offset) ?? unterminated("string", lineAt(offset));
  if (first === '"') return match(token.quotedName, offset) ?? unterminated("quoted name", lineAt(offset));
  if ((first === "e" || first === "E") && sql[offset + 1] === "'") {
    return match(token.escapedString, offset) ?? unterminated("string", lineAt(offset));
  }
  const tag = first === "$" ? match(token.dollar, offset) : undefined;
  if (tag === undefined) return undefined;
  const end = sql.indexOf(tag, offset + tag.length);
  return end < 0 ? unterminated(`dollar quote ${tag}`, lineAt(offset)) : sql.slice(offset, end + tag.length);
}

/** The block comment that begins here; they nest. */
function blockComment(sql: string, offset: number, lineAt: LineAt): string | undefined {
  if (!sql.startsWith("/*", offset)) return undefined;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = offset;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return sql.slice(offset, edge.lastIndex);
  }
  return unterminated("comment", lineAt(offset));
}

function unterminated(what: string, line: number): never {
  throw new Unterminated(what, line);
}
