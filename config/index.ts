import * as pulumi from "@pulumi/pulumi";
import { load } from "./load";

export type { Config } from "./schema";

/** The running stack's configuration. The only reader of Pulumi's config. */
export function loadConfig() {
  const namespace = `${pulumi.getProject()}:`;
  const all = Object.entries(pulumi.runtime.allConfig());
  const own = all.filter(([key]) => key.startsWith(namespace)).map(([key, value]) => [key.slice(namespace.length), value]);
  return load(Object.fromEntries(own), pulumi.getStack());
}
