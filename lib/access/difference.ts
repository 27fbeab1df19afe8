/** One thing that is not as the spec says. */
export interface Difference {
  /** What it is about, from the general to the particular: `["auth", "hma_app", "SELECT on auth.users"]`. */
  path: string[];
  what: "missing" | "extra" | "changed";
  /** Statements that put it right, in order. */
  repair: string[];
  /** Why it cannot be put right without a person, and how that person does. */
  refusal?: string;
}
