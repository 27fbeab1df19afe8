/** One mistake: where it is, what is wrong, and how to mend it. */
export interface Mistake {
  /** The place as its author knows it: a config key, a file and line, a port. */
  where: string;
  what: string;
  mend: string;
}

/** What went wrong outside of this program: the message says it all, and a stack would say nothing more. */
export class PlainError extends Error {}

/**
 * The user's mistakes, all that were found, said once. Anything else that is thrown, but for a PlainError, is a bug and
 * shows its stack.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(
    readonly summary: string,
    readonly mistakes: readonly Mistake[],
  ) {
    super([summary, ...mistakes.map(({ where, what, mend }) => `  ${where}: ${what}\n    ${mend}`)].join("\n"));
  }
}
