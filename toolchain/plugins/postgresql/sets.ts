/** A set in the order in which the program wrote it, so that only what differs shows; all else comes last. */
export function inKnownOrder(actual: string[], known: string[] = []): string[] {
  return [...known.filter((item) => actual.includes(item)), ...actual.filter((item) => !known.includes(item))];
}
