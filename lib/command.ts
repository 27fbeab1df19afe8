import { PlainError, UserError } from "./errors";

/** A failure that was told to the user already, for example by pulumi itself. */
export class Told extends Error {
  constructor(readonly next: string) {
    super("told already");
  }
}

/**
 * Runs the body of a make target. Exit codes: 0 done, 1 failed, 2 a mistake of the user or an obstacle on the machine,
 * and nothing was changed. The last line says what to run next.
 *
 * @param target its name, for the command to run again
 */
export function command(target: string, body: () => Promise<void>): void {
  body().catch((error: unknown) => {
    if (error instanceof Told) return finish(1, "", error.next);
    if (error instanceof UserError) return finish(2, error.message, make(target));
    const text = error instanceof PlainError ? error.message : error instanceof Error ? error.stack : String(error);
    finish(1, text ?? "", make(target));
  });
}

/** A make target for the stack that this one was called for. */
export function make(target: string): string {
  const stack = process.env["STACK"];
  return stack === undefined ? `make ${target}` : `make ${target} STACK=${stack}`;
}

function finish(code: number, message: string, next: string) {
  process.stderr.write(`${message && `${message}\n`}Next: ${next}\n`);
  process.exitCode = code;
}
