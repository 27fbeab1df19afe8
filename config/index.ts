import * as pulumi from "@pulumi/pulumi";
import { load } from "./load";

export type { Config } from "./schema";

/** The running stack's configuration. The only reader of Pulumi's config. */
export function loadConfig() {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value]));
  return load(raw, pulumi.getStack());
}
