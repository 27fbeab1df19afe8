/** One assertion of a test in SQL. */
export interface Assertion {
  name: string;
  holds: boolean;
  /** What pgTAP tells of it: what it wanted, and what it got. */
  told: string;
}

/**
 * The assertions in what pgTAP gave, one a value, with what it tells of them. Other values are left out.
 *
 * @throws Error if there are none, or fewer or more than it says itself: a file that ends early would hold
 */
export function readTap(lines: readonly string[]): Assertion[] {
  const assertions = lines.flatMap((told) => {
    const [, not, name] = /^(not )?ok \d+ - (.*)/.exec(told) ?? [];
    return name === undefined ? [] : [{ name, holds: !not, told }];
  });
  const plan = lines.find((line) => /^1\.\.\d+$/.test(line))?.slice(3);
  if (assertions.length === 0 || Number(plan) !== assertions.length) {
    throw new Error(`${assertions.length} assertions, of which it counted ${plan ?? "none"}`);
  }
  return assertions;
}
