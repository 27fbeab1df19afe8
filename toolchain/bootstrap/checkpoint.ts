import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { places, projectName } from "./places";

/** A resource as Pulumi's state has it; only what is read here. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** Replaced, and not deleted yet. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** What an interrupted run was doing. */
export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: StateResource;
}

export interface Deployment {
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

/** Where the backend keeps a stack's state. */
export const stateFile = (stack: string): string =>
  join(places().state, ".pulumi/stacks", projectName, `${stack}.json`);

/**
 * A stack's state, read from the backend's own file: asking `pulumi stack export` would cost every bring-up half a
 * second. Undefined where the stack was never made.
 */
export async function readState(stack: string): Promise<Deployment | undefined> {
  try {
    const { checkpoint } = JSON.parse(await readFile(stateFile(stack), "utf8")) as { checkpoint: { latest: Deployment | null } };
    return checkpoint.latest ?? {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
