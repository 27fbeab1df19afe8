import { afterAll, describe, expect, it } from "vitest";
import { load } from "../../../config/load";
import { schema, type Key } from "../../../config/schema";
import { UserError } from "../../../lib/errors";
import { report } from "../../support/figures";
import { stackConfig } from "../../support/stack-files";

const good = { namePrefix: "hma", portOffset: "0", adminTools: "true", protectData: "false" };
const keys = Object.keys(schema) as Key[];
const isRequired = (key: Key) => !schema[key].safeParse(undefined).success;

/** Where each mistake is, as its message names it. */
function refusals(raw: Record<string, string>): string[] {
  try {
    load(raw, "dev");
  } catch (error) {
    if (error instanceof UserError) return error.mistakes.map(({ where }) => where.replace("Pulumi.dev.yaml hma-infra:", ""));
    throw error;
  }
  return [];
}

/** Values that are wrong for a key, by what is wrong with them. */
const wrong: Record<Key, Record<string, string>> = {
  namePrefix: { empty: "", "upper case": "HMA", "too long": "a".repeat(21), "a path": "../x" },
  portOffset: { "no number": "many", "a fraction": "1.5", "below its range": "-1", "above its range": "50001" },
  adminTools: { "no boolean": "yes", empty: "" },
  protectData: { "no boolean": "1", empty: "" },
  logLevel: { "no level": "verbose", empty: "" },
  logMaxSizeMiB: { "no number": "10m", "below its range": "0", "above its range": "1001" },
  logMaxFiles: { "no number": "x", "below its range": "0", "above its range": "101" },
  postgresMemoryMiB: { "no number": "1g", "below its range": "511", "above its range": "1048577" },
  postgresMaxConnections: { "no number": "x", "below its range": "19", "above its range": "2001" },
  redisMemoryMiB: { "no number": "x", "below its range": "63", "above its range": "1048577" },
  minioMemoryMiB: { "no number": "x", "below its range": "255", "above its range": "1048577" },
  serviceMemoryMiB: { "no number": "x", "below its range": "95", "above its range": "65537" },
  tokenKeyGeneration: { "no number": "x", "below its range": "0", "above its range": "1000001" },
  oidcIssuer: { "no URL": "issuer", "no TLS": "http://issuer.test" },
  oidcClientId: { spaces: "a b" },
  mailServer: { "no TLS": "http://mail.test", "no port": "smtps://mail.test:0", "a path": "smtp://mail.test/x" },
  mailFrom: { "no address": "hunters" },
  mailUser: { spaces: "a b" },
  mailPassword: { "more than a line": "canary\nof a secret" },
  publicApiUrl: { "no TLS": "http://api.test", "a path": "https://api.test/v1" },
  publicStorageUrl: { "no TLS": "http://files.test", "a slash at the end": "https://files.test/" },
  insights: { "no boolean": "on", empty: "" },
  workerMemoryMiB: { "no number": "x", "below its range": "383", "above its range": "65537" },
  trailCamerasUrl: { "in plain text": "http://example.com", "no URL": "here" },
  tracesEndpoint: { "no URL": "collector", "another protocol": "grpc://collector.test", spaces: "https://a b", "a query": "https://a.test/?b" },
  tracesSamplePercent: { "no number": "all", "below its range": "0", "above its range": "101" },
  sentryDsn: { "no TLS": "http://key@sentry.test/1", "no key": "https://sentry.test/1", "no project": "https://key@sentry.test/" },
  adminToolMemoryMiB: { "no number": "x", "below its range": "63", "above its range": "4097" },
  noncurrentVersionDays: { "no number": "x", "below its range": "0", "above its range": "3651" },
  certificateValidityHours: { "no number": "x", "below its range": "47", "above its range": "87601" },
  certificateRenewalHours: { "no number": "x", "below its range": "0", "above its range": "8761" },
};

const contradictions: [string, Record<string, string>][] = [
  ["adminTools", { adminTools: "true", protectData: "true" }],
  ["oidcIssuer", { oidcIssuer: "https://issuer.test" }],
  ["mailServer", { mailServer: "smtps://mail.test" }],
  ["mailUser", { mailServer: "smtps://mail.test", mailFrom: "a@b.test", mailUser: "hma" }],
  ["mailUser", { mailUser: "hma", mailPassword: "secret" }],
  ["tracesEndpoint", { adminTools: "false", protectData: "true", tracesEndpoint: "http://collector.test:4318" }],
  ["postgresMaxConnections", { postgresMaxConnections: "300", postgresMemoryMiB: "1024" }],
  ["certificateRenewalHours", { certificateValidityHours: "48", certificateRenewalHours: "48" }],
];

describe("load", () => {
  let refused = 0;
  const refuses = (raw: Record<string, string>, where: string) => {
    expect(refusals(raw)).toEqual([where]);
    refused += 1;
  };
  const unknown = 1;
  const values = keys.flatMap((key) => Object.keys(wrong[key])).length;
  const all = keys.filter(isRequired).length + values + contradictions.length + unknown;
  afterAll(() => report(15, `${refused} of ${all} mistakes in the configuration refused by their path, all at once`));

  it.each(["dev", "test", "prod"])("accepts the %s stack as it is", (stack) => {
    const raw = Object.entries(stackConfig(stack)).map(([key, value]) => [key.replace("hma-infra:", ""), value]);
    expect(Object.keys(load(Object.fromEntries(raw), stack)).sort()).toEqual([...keys].sort());
  });

  it.each(keys.filter(isRequired))("refuses a missing %s", (key) => {
    const { [key as keyof typeof good]: _, ...rest } = good;
    refuses(rest, key);
  });

  it.each(keys.filter((key) => !isRequired(key)))("has a default for %s", (key) => {
    expect(load(good, "dev")[key]).toBeDefined();
  });

  const everyWrongValue = keys.flatMap((key) =>
    Object.entries(wrong[key]).map(([what, value]) => [key, what, value] as const),
  );
  it.each(everyWrongValue)("refuses %s that is %s (%j)", (key, _, value) => {
    refuses({ ...good, [key]: value }, key);
  });

  it("refuses an unknown key", () => {
    refuses({ ...good, portOfset: "1" }, "portOfset");
  });

  it.each(contradictions)("refuses a contradiction at %s", (key, raw) => {
    refuses({ ...good, ...raw }, key);
  });

  it("names every mistake at once", () => {
    const raw = { ...Object.fromEntries(keys.map((key) => [key, Object.values(wrong[key])[0]!])), other: "1" };
    expect(refusals(raw).sort()).toEqual([...keys, "other"].sort());
  });

  it("refuses a secret in plain text, and shows none that is wrong", () => {
    const mail = { mailServer: "smtps://mail.test", mailFrom: "a@b.test", mailUser: "hma", mailPassword: "canary" };
    expect(load({ ...good, ...mail }, "dev")).toMatchObject(mail);
    expect(() => load({ ...good, ...mail }, "dev", ["mailPassword", "portOffset"])).toThrowErrorMatchingInlineSnapshot(`
      [UserError: Configuration of stack dev refused, nothing was changed:
        Pulumi.dev.yaml hma-infra:mailPassword: in plain text
          Choose another, and set it with: pulumi config set --secret mailPassword]
    `);
    const two = { ...good, ...mail, mailPassword: "canary\ncanary" };
    expect(() => load(two, "dev")).toThrowErrorMatchingInlineSnapshot(`
      [UserError: Configuration of stack dev refused, nothing was changed:
        Pulumi.dev.yaml hma-infra:mailPassword: (a secret) must be one line without space around it
          It is: Password of mailUser.]
    `);
  });

  it("says where, what and how to mend it", () => {
    expect(() => load({ ...good, portOffset: "x" }, "dev")).toThrowErrorMatchingInlineSnapshot(`
      [UserError: Configuration of stack dev refused, nothing was changed:
        Pulumi.dev.yaml hma-infra:portOffset: "x" must be a whole number of ports from 0 to 50000
          It is: Added to every published port, so that stacks share a host.]
    `);
  });
});
