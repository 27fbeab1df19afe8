import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { projectRoot, stackConfig } from "./stack-files";

/** One resource as the program declares it. */
export interface Declared {
  type: string;
  name: string;
  /** Secrets unwrapped. */
  inputs: Record<string, any>;
  /** Names of the inputs that are secret, wholly or in part. */
  secretInputs: string[];
  options: pulumi.CustomResourceOptions;
}

export interface DeclaredGraph {
  resources: Declared[];
  outputs: Record<string, any>;
  of(type: string): Declared[];
}

/**
 * Runs the program against Pulumi's mocks: nothing is deployed, every declared resource is recorded.
 *
 * @param stack whose config to use
 * @param overrides config values instead of the stack's; `undefined` leaves one out
 * @param secrets the same, of those that are encrypted
 */
export async function declareStack(
  stack: string,
  overrides: Record<string, string | undefined> = {},
  secrets: Record<string, string> = {},
): Promise<DeclaredGraph> {
  const resources: Declared[] = [];
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type !== "pulumi:pulumi:Stack") {
          resources.push({
            type,
            name,
            inputs: plain(inputs),
            secretInputs: Object.keys(inputs).filter((key) => JSON.stringify(inputs[key]).includes(specialSigKey)),
            options: options.get(`${type} ${name}`) ?? {},
          });
        }
        return { id: `${name}-id`, state: { ...inputs, ...computed(type, name) } };
      },
      call: ({ inputs }) => inputs,
    },
    "hma-infra",
    stack,
  );
  const raw = { ...stackConfig(stack), ...prefixed(overrides), ...prefixed(secrets) };
  const set = Object.entries(raw).filter((entry): entry is [string, string] => entry[1] !== undefined);
  pulumi.runtime.setAllConfig(Object.fromEntries(set));
  // As the language host does.
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(Object.keys(prefixed(secrets)));

  try {
    const outputs = await pulumi.runtime.runInPulumiStack(async () => {
      pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
        options.set(`${type} ${name}`, opts);
        return undefined;
      });
      return loadProgram();
    });
    return { resources, outputs: outputs ?? {}, of: (type) => resources.filter((r) => r.type === type) };
  } finally {
    // Resources register in the background, and the list is complete when the last has.
    await pulumi.runtime.disconnect();
  }
}

/** Mocks are given secrets wrapped, as they travel. */
function plain(value: any): any {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (specialSigKey in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const prefixed = (keys: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [`hma-infra:${key}`, value]));

/** What a server would add. */
function computed(type: string, name: string): Record<string, unknown> {
  if (type === "random:index/randomPassword:RandomPassword") return { result: `canary-${name}` };
  if (type === "docker:index/remoteImage:RemoteImage") return { imageId: `sha256:${name}` };
  if (type.startsWith("tls:")) return { privateKeyPem: `key of ${name}`, certPem: `certificate of ${name}` };
  return {};
}

/** The program anew, as Pulumi runs it: each stack's run starts with no module of ours loaded. */
function loadProgram(): unknown {
  const require = createRequire(__filename);
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(projectRoot) && !path.includes("node_modules")) delete require.cache[path];
  }
  require(join(projectRoot, "runtime/compile.cjs"));
  const directory = process.cwd();
  process.chdir(projectRoot);
  try {
    return require(join(projectRoot, "index.ts"));
  } finally {
    process.chdir(directory);
  }
}
