import * as pulumi from "@pulumi/pulumi";
import { load } from "./load";

export type { Config } from "./schema";

/** The running stack's configuration. The only reader of Pulumi's config. */
export function loadConfig() {
  const namespace = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length), value]));
  // The SDK keeps to itself which values are secrets; the language host tells it in this variable.
  const secrets = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
  const inPlainText = Object.keys(raw).filter((key) => !secrets.includes(namespace + key));
  return load(raw, pulumi.getStack(), inPlainText);
}
