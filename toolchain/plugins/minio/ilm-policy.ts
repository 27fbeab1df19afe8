import type { LifecycleConfig } from "minio";
import type { Change, Failure, ResourceType, Value, Values } from "../../../provider/frame/types";
import { s3Code, type Minio } from "./client";
import { fromS3, isExpiration, toS3, type ActualRule, type Rule, type S3Rule } from "./lifecycle";

interface IlmPolicyValues {
  bucket: string;
  rules: Rule[];
}

/** When objects of a bucket expire: all of its rules. */
export const ilmPolicy: ResourceType<Minio> = {
  properties: {
    bucket: { type: "string", required: true, replace: true },
    rules: {
      type: "array",
      required: true,
      items: {
        type: "object",
        properties: {
          id: { type: "string", required: true },
          expiration: { type: "string" },
          noncurrentVersionExpirationDays: { type: "number" },
          filter: { type: "string" },
          tags: { type: "object", items: { type: "string" } },
          status: { type: "string", computed: true },
        },
      },
    },
  },

  check: ({ rules }) => (Array.isArray(rules) ? rules.flatMap(checkRule) : []),

  /** A rule that was switched off by hand: its status is no input, so nothing else would show it. */
  diff(old) {
    const { rules } = old.state as unknown as { rules: ActualRule[] };
    return rules.flatMap(({ status }, index): Change[] =>
      status === "Enabled" ? [] : [{ path: `rules[${index}].status`, kind: "update" }],
    );
  },

  create: (inputs, { client, signal }) => set(client, signal, inputs as unknown as IlmPolicyValues),

  update: (_old, inputs, { client, signal }) => set(client, signal, inputs as unknown as IlmPolicyValues),

  async read(id, _state, { client, signal }) {
    const rules = await client.run(signal, async ({ s3 }) => {
      try {
        // Its type says a list, but a list of one comes as its only item.
        const answer = (await s3.getBucketLifecycle(id)) as unknown as { Rule?: S3Rule | S3Rule[] } | null;
        return [answer?.Rule ?? []].flat().map(fromS3);
      } catch (error) {
        if (s3Code(error) === "NoSuchLifecycleConfiguration" || s3Code(error) === "NoSuchBucket") return [];
        throw error;
      }
    });
    return rules.length === 0 ? undefined : resource(id, rules);
  },

  async delete({ id }, { client, signal }) {
    await client.change(id, signal, async ({ s3 }) => {
      if (await s3.bucketExists(id)) await s3.removeBucketLifecycle(id);
    });
  },
};

async function set(client: Minio, signal: AbortSignal, { bucket, rules }: IlmPolicyValues) {
  // Its type knows fewer fields than the protocol.
  const configuration = { Rule: rules.map(toS3) } as unknown as LifecycleConfig;
  await client.change(bucket, signal, ({ s3 }) => s3.setBucketLifecycle(bucket, configuration));
  return resource(
    bucket,
    rules.map((rule) => fromS3(toS3(rule))),
  );
}

function resource(bucket: string, rules: ActualRule[]) {
  return { id: bucket, state: { bucket, rules } as unknown as Values };
}

function checkRule(rule: Value, index: number): Failure[] {
  const { expiration, noncurrentVersionExpirationDays: days } = rule as Values;
  const at = (property: string) => `rules[${index}].${property}`;
  const failures: Failure[] = [];
  if (typeof expiration === "string" && !isExpiration(expiration)) {
    failures.push({
      property: at("expiration"),
      reason: `"${expiration}" must be days (5d), a date (2030-01-31) or DeleteMarker`,
    });
  }
  if (typeof days === "number" && (days < 1 || !Number.isInteger(days))) {
    failures.push({ property: at("noncurrentVersionExpirationDays"), reason: `${days} must be a whole number from 1` });
  }
  if (expiration === undefined && days === undefined) {
    failures.push({ property: `rules[${index}]`, reason: "needs expiration or noncurrentVersionExpirationDays" });
  }
  return failures;
}
