/**
 * What a provider is, said in plain data and plain functions. The frame (server.ts) turns one of these into a
 * gRPC ResourceProvider; a provider's author writes only what is here.
 */

/** A property value as handlers see it: secrets unwrapped (the frame re-marks them), `UNKNOWN` only in a preview. */
export type Value = null | boolean | number | string | typeof UNKNOWN | Value[] | Values;
export type Values = { [key: string]: Value };

/** Stands for an output that is not known yet; handlers meet it in `check` and `diff`, and in previewed creates. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/**
 * One property of a resource or of a provider's configuration. Absent, null, "", 0, false, [] and {} count as equal in
 * a diff, because states of Terraform-bridged providers spell "not set" in any of these ways.
 */
export interface Property {
  type: "string" | "number" | "boolean" | "array" | "object";
  /** Refused when absent. */
  required?: boolean;
  /** Filled in when absent. A state without it counts as having it. */
  default?: Value;
  /** Shape of an array's items. */
  items?: Property;
  /** Shape of an object with fixed keys; without it an object is a map of `items`, or of anything. */
  properties?: Record<string, Property>;
  /** A change replaces the resource. */
  replace?: boolean;
  /** Always stored as a secret, whatever the caller marked. */
  secret?: boolean;
  /** Set by the provider, never by the program: refused as an input unless `optionalInput`. */
  computed?: boolean;
  /**
   * A computed property that the program may also set (the official schema's "optional and computed"). Left out by
   * the program, it differs from no state, unless the program has said it before.
   */
  optionalInput?: boolean;
  /** Order does not matter (a Terraform set). */
  set?: boolean;
  /** Two values that mean the same (case, formatting): no diff. Old first; null for absent, never UNKNOWN on top. */
  same?: (a: Value, b: Value) => boolean;
  /** Taken over from the old state when the program leaves it out; never a diff (write-only or create-only inputs). */
  ignoreChanges?: boolean;
}

/** A refused input: which property, why, how to mend it. */
export interface Failure {
  property: string;
  reason: string;
}

/** One line of a detailed diff. `path` is a Pulumi property path such as `uploads[0].content`. */
export interface Change {
  path: string;
  kind: "add" | "update" | "delete";
  replace?: boolean;
}

export interface Resource {
  id: string;
  /**
   * The full state: inputs as the server has them now, and everything computed. The frame adds inputs that
   * `ignoreChanges`, and keeps keys that begin with `__` (the Terraform bridge's notes) from the old state.
   */
  state: Values;
}

/** What a handler may use besides its arguments. */
export interface Context<Client> {
  client: Client;
  urn: string;
  /** The resource's name, the last part of the URN. */
  name: string;
  /** Nothing may be changed. Always true in `check` and `diff`, which previews and updates share. */
  preview: boolean;
  /** Aborted on Cancel, and when the operation's time-out ends. */
  signal: AbortSignal;
  /** A status line beside the resource in the engine's display; overwritten by the next. */
  status(message: string): void;
  /** A lasting message. */
  log(severity: "info" | "warning" | "error", message: string): void;
}

/**
 * One resource type. Every handler is asynchronous, throws an `Error` with a message for the user, and leaves
 * nothing half done that a second call could not mend.
 */
export interface ResourceType<Client> {
  properties: Record<string, Property>;
  /** The old one goes first on every replacement: for things with a fixed name. */
  deleteBeforeReplace?: boolean;
  /** Refusals beyond the shapes in `properties`, asked only of inputs that have these shapes. May contain UNKNOWN. */
  check?(inputs: Values, context: Context<Client>): Promise<Failure[]> | Failure[];
  /**
   * Changes beyond those of the declared properties, e.g. found by asking the server. May contain UNKNOWN. Not asked
   * while `inputs` is being replaced anyway.
   */
  diff?(old: Resource, inputs: Values, context: Context<Client>): Promise<Change[]> | Change[];
  /**
   * What a preview can say of a create or update that has not happened. By default the inputs; of what is computed,
   * a create knows nothing, and an update keeps what the old state says.
   */
  previewState?(inputs: Values, old: Resource | undefined, context: Context<Client>): Promise<Values> | Values;
  create(inputs: Values, context: Context<Client>): Promise<Resource>;
  /** The resource as it is now, or undefined if it is gone. On import `state` is empty. */
  read(id: string, state: Values, context: Context<Client>): Promise<Resource | undefined>;
  /** Without it, every change replaces. Asked also without a change, to mend what a PartialFailure has left. */
  update?(old: Resource, inputs: Values, context: Context<Client>): Promise<Resource>;
  delete(old: Resource, context: Context<Client>): Promise<void>;
}

/** Thrown by create or update when the thing exists but is not in order: kept in state, retried as an update. */
export class PartialFailure extends Error {
  constructor(
    readonly resource: Resource,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

export interface Provider<Client> {
  name: string;
  version: string;
  configuration: Record<string, Property>;
  /** Called once before the first resource call, never in a way that needs the server to be up. */
  configure(config: Values): Promise<Client> | Client;
  /** By type token, e.g. `docker:index/container:Container`. */
  resources: Record<string, ResourceType<Client>>;
}
