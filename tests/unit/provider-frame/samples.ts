import type { Context, Property, Provider, Resource, ResourceType, Values } from "../../../provider/frame/types";

/** One property of every kind that the contract knows. */
export const properties: Record<string, Property> = {
  name: { type: "string", required: true, replace: true },
  size: { type: "number", default: 1 },
  enabled: { type: "boolean" },
  mode: { type: "string", same: (a, b) => String(a).toLowerCase() === String(b).toLowerCase() },
  labels: { type: "object", items: { type: "string" } },
  commands: { type: "array", items: { type: "string" } },
  ports: {
    type: "array",
    set: true,
    items: {
      type: "object",
      properties: {
        internal: { type: "number", required: true },
        external: { type: "number", computed: true, optionalInput: true },
      },
    },
  },
  limits: {
    type: "object",
    properties: { memory: { type: "number" }, cpus: { type: "number", replace: true } },
  },
  hostname: { type: "string", computed: true, optionalInput: true },
  password: { type: "string", secret: true },
  seed: { type: "string", ignoreChanges: true },
  address: { type: "string", computed: true },
  token: { type: "string", computed: true, secret: true },
};

/** Values for every property that a program may set. */
export const fullInputs: Values = {
  name: "a",
  size: 2,
  enabled: true,
  mode: "fast",
  labels: { team: "data" },
  commands: ["x", "y"],
  ports: [{ internal: 80 }, { internal: 443, external: 8443 }],
  limits: { memory: 64, cpus: 2 },
  hostname: "h",
  password: "open sesame",
  seed: "s",
};

/** What a server would say of `fullInputs`: computed parts filled in, the set in another order. */
export const fullState: Values = {
  ...fullInputs,
  ports: [
    { internal: 443, external: 8443 },
    { internal: 80, external: 32768 },
  ],
  address: "10.0.0.1",
  token: "generated token",
  __meta: '{"schema_version":"2"}',
};

export const urn = "urn:pulumi:dev::project::sample:index:Thing::thing";

/** A provider whose one type keeps nothing; `overrides` replace its handlers. */
export function sampleProvider(overrides: Partial<ResourceType<Values>> = {}): Provider<Values> {
  const made = (inputs: Values): Resource => ({
    id: "id-1",
    state: { ...inputs, address: "10.0.0.1", token: "generated token" },
  });
  return {
    name: "sample",
    version: "1.2.3",
    configuration: {
      port: { type: "number", required: true },
      password: { type: "string", secret: true },
    },
    configure: (config) => config,
    resources: {
      "sample:index:Thing": {
        properties,
        create: async (inputs: Values) => made(inputs),
        read: async (id: string, state: Values) => ({ id, state }),
        update: async (_old: Resource, inputs: Values, _context: Context<Values>) => made(inputs),
        delete: async () => {},
        ...overrides,
      },
    },
  };
}
