import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ThrowAwayAuthority } from "../../support/authority";
import { MinioTrial } from "../../support/minio-trial";
import type { ProviderDriver } from "../../support/provider-driver";

let trial: MinioTrial;
let driver: ProviderDriver<unknown>;

beforeAll(async () => {
  trial = await MinioTrial.start();
  driver = await trial.newDriver();
});

afterAll(() => trial?.stop());

describe("S3Bucket", () => {
  it("is private, and made private again", async () => {
    const inputs = { bucket: "private-things" };
    const bucket = await driver.create("S3Bucket", inputs);
    expect(bucket.state.values).toMatchObject({ arn: "arn:aws:s3:::private-things", acl: "private" });
    const open = {
      Effect: "Allow",
      Principal: { AWS: ["*"] },
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::private-things/*"],
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [open] });
    const publish = () => trial.byHand(({ s3 }) => s3.setBucketPolicy("private-things", policy));
    expect(await driver.found(bucket, inputs, publish)).toEqual(["acl"]);
  });

  it("goes when it is empty, or with all versions of everything in it when told to", async () => {
    const inputs = { bucket: "full-of-things" };
    const bucket = await driver.create("S3Bucket", inputs);
    await trial.byHand(async ({ s3 }) => {
      await s3.setBucketVersioning("full-of-things", { Status: "Enabled" });
      for (const name of ["a", "b/ü & <c>"])
        await s3.putObject("full-of-things", name, "1").then(() => s3.putObject("full-of-things", name, "2"));
      await s3.removeObject("full-of-things", "a");
    });
    const later = await trial.newDriver();
    await expect(later.delete(bucket)).rejects.toThrow("set forceDestroy");
    await later.delete(await later.update(bucket, { ...inputs, forceDestroy: true }));
    expect(await driver.read(bucket)).toBeUndefined();
    await later.delete(bucket);
  });

  it("is taken over when it exists, and then not deleted under its former name in the program", async () => {
    await trial.byHand(({ s3 }) => s3.makeBucket("found-things"));
    const bucket = await driver.create("S3Bucket", { bucket: "found-things" });
    expect(driver.messages).toEqual(['bucket "found-things" existed already and was taken over']);
    await driver.delete(bucket);
    expect(await driver.read(bucket)).toEqual(bucket);
  });

  it("refuses bad names and other access lists", async () => {
    const failures = await driver.failures("S3Bucket", { bucket: "Not_A_Bucket", acl: "public-read" });
    expect(failures).toEqual([expect.stringMatching(/^bucket/), expect.stringMatching(/^acl/)]);
  });
});

describe("S3BucketVersioning and IlmPolicy", () => {
  const bucket = "versioned-things";
  const rules = [
    { id: "old versions", noncurrentVersionExpirationDays: 30 },
    { id: "temporary", expiration: "7d", filter: "tmp/", tags: { keep: "no", by: "test" } },
    { id: "dated", expiration: "2040-01-31", filter: "old/" },
  ];

  beforeAll(() => driver.create("S3Bucket", { bucket }));

  it("are made, and their drift is found and mended", async () => {
    const enabled = { bucket, versioningConfiguration: { status: "Enabled", excludedPrefixes: ["cache/"] } };
    const versioning = await driver.create("S3BucketVersioning", enabled);
    const suspend = () => trial.byHand(({ s3 }) => s3.setBucketVersioning(bucket, { Status: "Suspended" }));
    const changes = ["versioningConfiguration.status", "versioningConfiguration.excludedPrefixes"];
    expect(await driver.found(versioning, enabled, suspend)).toEqual(changes);

    const inputs = { bucket, rules };
    const policy = await driver.create("IlmPolicy", inputs);
    const rule = {
      ID: "old versions",
      Status: "Enabled",
      Filter: { Prefix: "" },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    };
    const setRules =
      (...Rule: object[]) =>
      () =>
        trial.byHand(({ s3 }) => s3.setBucketLifecycle(bucket, { Rule } as never));
    const others = ["rules[1]", "rules[2]"];
    const days = "rules[0].noncurrentVersionExpirationDays";
    expect(await driver.found(policy, inputs, setRules(rule))).toEqual([days, ...others]);
    const off = { ...rule, Status: "Disabled", NoncurrentVersionExpiration: { NoncurrentDays: 30 } };
    expect(await driver.found(policy, inputs, setRules(off))).toEqual([...others, "rules[0].status"]);

    await trial.byHand(({ s3 }) => s3.removeBucketLifecycle(bucket));
    expect(await driver.read(policy)).toBeUndefined();
  });

  it("are both kept when they are made at once", async () => {
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const bucket = `at-once-${n}`;
        await driver.create("S3Bucket", { bucket });
        const [policy, versioning] = await Promise.all([
          driver.create("IlmPolicy", { bucket, rules }),
          driver.create("S3BucketVersioning", { bucket, versioningConfiguration: { status: "Enabled" } }),
        ]);
        expect(await driver.read(policy)).toEqual(policy);
        expect(await driver.read(versioning)).toEqual(versioning);
      }),
    );
  });

  it("of a locked bucket go before it, although its versioning cannot be suspended", async () => {
    const bucket = "locked-things";
    const kept = await driver.create("S3Bucket", { bucket, objectLocking: true });
    const inputs = { bucket, versioningConfiguration: { status: "Enabled" } };
    const versioning = await driver.create("S3BucketVersioning", inputs);
    const suspend = trial.byHand(({ s3 }) => s3.setBucketVersioning(bucket, { Status: "Suspended" }));
    await expect(suspend).rejects.toThrow("versioning cannot be suspended");
    const later = await trial.newDriver();
    await later.delete(versioning);
    await later.delete(kept);
    expect(await later.read(kept)).toBeUndefined();
  });

  it("are gone with their bucket", async () => {
    const bucket = "short-lived";
    await driver.create("S3Bucket", { bucket });
    const versioning = await driver.create("S3BucketVersioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    const policy = await driver.create("IlmPolicy", { bucket, rules });
    await trial.byHand(({ s3 }) => s3.removeBucket(bucket));
    const later = await trial.newDriver();
    for (const resource of [versioning, policy]) {
      expect(await later.read(resource)).toBeUndefined();
      await later.delete(resource);
    }
  });

  it("refuse what MinIO would", async () => {
    const bad = [
      { id: "a", expiration: "soon", status: "Enabled" },
      { id: "b" },
      { id: "c", noncurrentVersionExpirationDays: 0 },
    ];
    expect(await driver.failures("IlmPolicy", { bucket, rules: bad.slice(0, 1) })).toEqual([
      expect.stringContaining("rules[0].status"),
    ]);
    expect(await driver.failures("IlmPolicy", { bucket, rules: bad.slice(1) })).toHaveLength(2);
  });
});

describe("the provider", () => {
  it("trusts only the authority that it was told of", async () => {
    const other = `${trial.server.caFile}.other`;
    writeFileSync(other, (await ThrowAwayAuthority.create()).certificate);
    await expect(
      (await trial.newDriver({ minioCacertFile: other })).create("S3Bucket", { bucket: "abc" }),
    ).rejects.toThrow(/certificate/);
    await expect(trial.newDriver({ minioInsecure: true })).rejects.toThrow("minioCacertFile");
    await expect(
      (await trial.newDriver({ minioCacertFile: "/none" })).create("S3Bucket", { bucket: "abc" }),
    ).rejects.toThrow("there is no file /none");
  });

  it("refuses by name what it does not serve", async () => {
    await expect(driver.create("minio:index/s3Object:S3Object", {})).rejects.toThrow(
      "no resource type minio:index/s3Object:S3Object",
    );
  });
});
