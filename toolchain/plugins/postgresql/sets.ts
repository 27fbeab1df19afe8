/** A set in the order in which the program wrote it, so that only what differs shows; what it did not write comes last. */
export function inKnownOrder(actual: string[], known: string[] = []): string[] {
  return [...known.filter((item) => actual.includes(item)), ...actual.filter((item) => !known.includes(item))];
}
