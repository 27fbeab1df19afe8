import type { Deployment, PendingOperation, StateResource } from "../bootstrap/checkpoint";

/**
 * What to do about a resource whose creation was interrupted, so that the next `pulumi up` can make it again. Most
 * need nothing: making them a second time finds them as they are, or replaces a value that nobody has seen.
 */
export type Mending =
  | { kind: "forget" }
  /** It refuses to be made twice: taken into the state under its id, where the refresh finds out whether it exists. */
  | { kind: "adopt"; id: string }
  /** It refuses to be made twice, and holds no data. */
  | { kind: "remove"; object: "container" | "network"; name: string };

type Rule = (inputs: Record<string, unknown>) => Mending;

const adoptBy =
  (input: string): Rule =>
  (inputs) => ({ kind: "adopt", id: String(inputs[input]) });
const remove =
  (object: "container" | "network"): Rule =>
  ({ name }) => ({ kind: "remove", object, name: String(name) });

const rules: Readonly<Record<string, Rule>> = {
  "docker:index/container:Container": remove("container"),
  "docker:index/network:Network": remove("network"),
  "postgresql:index/role:Role": adoptBy("name"),
  "postgresql:index/database:Database": adoptBy("name"),
  "minio:index/s3Bucket:S3Bucket": adoptBy("bucket"),
};

export function mendingOf({ type, resource }: PendingOperation): Mending {
  // Updates and deletions have their resource in the state already, and the refresh sees how far they came.
  const rule = type === "creating" ? rules[resource.type] : undefined;
  return rule ? rule(resource.inputs ?? {}) : { kind: "forget" };
}

export interface Plan<T extends Deployment> {
  /** The state without pending operations. */
  deployment: T;
  /** What stands in the way in Docker. */
  removals: (Mending & { kind: "remove" })[];
  adopted: StateResource[];
}

/**
 * How to go on from a state with interrupted operations. (`pulumi refresh --import-pending-creates` would be the
 * engine's own way to adopt; in 3.230 it drops the operation without taking the resource in.)
 */
export function planMending<T extends Deployment>(deployment: T): Plan<T> {
  const { resources = [], pending_operations: pending = [] } = deployment;
  const known = new Set(resources.map(({ urn }) => urn));
  const mendings = pending.map((operation) => ({ resource: operation.resource, mending: mendingOf(operation) }));
  const adopted = mendings.flatMap(({ resource, mending }) =>
    mending.kind === "adopt" && !known.has(resource.urn) ? [{ ...resource, id: mending.id }] : [],
  );
  return {
    deployment: { ...deployment, resources: [...resources, ...adopted], pending_operations: [] },
    removals: mendings.map(({ mending }) => mending).filter((mending) => mending.kind === "remove"),
    adopted,
  };
}
