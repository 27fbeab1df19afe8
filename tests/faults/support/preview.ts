import { StackRuns } from "./stack-runs";

/** A change that a preview announces. */
export interface Planned {
  /** `create`, `update`, `replace`, `delete`, ... */
  op: string;
  /** Type and name, e.g. `Container adminer`. */
  resource: string;
  /** Paths of the properties that differ. */
  paths: string[];
}

/** What a preview's JSON says of one step; only what is read here. */
interface Step {
  op: string;
  urn: string;
  detailedDiff?: Record<string, unknown> | null;
}

/**
 * What a preview says would change. With `refresh` it looks at everything that there is, for which every server has to
 * answer; without, the platform's own resources are looked at, and the containers. It saves nothing.
 */
export async function preview(runs = new StackRuns(), { refresh = true } = {}): Promise<Planned[]> {
  const run = runs.pulumi("preview", "--json", ...(refresh ? ["--refresh"] : []));
  await run.ending();
  const { steps = [] } = JSON.parse(run.stdout) as { steps?: Step[] };
  return steps.filter(({ op }) => op !== "same" && op !== "refresh").map(planned);
}

function planned({ op, urn, detailedDiff }: Step): Planned {
  const [, , types, name] = urn.split("::");
  const type = types!.split(/[$:/]/).at(-1)!;
  return { op, resource: `${type} ${name}`, paths: Object.keys(detailedDiff ?? {}) };
}
