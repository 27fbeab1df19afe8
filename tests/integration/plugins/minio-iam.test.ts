import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MinioTrial } from "../../support/minio-trial";
import type { ProviderDriver } from "../../support/provider-driver";

let trial: MinioTrial;
let driver: ProviderDriver<unknown>;

beforeAll(async () => {
  trial = await MinioTrial.start();
  driver = await trial.newDriver();
});

afterAll(() => trial?.stop());

describe("IamUser, IamPolicy and IamUserPolicyAttachment", () => {
  const statement = (action: string[]) => ({ Effect: "Allow", Action: action, Resource: ["arn:aws:s3:::shared/*"] });
  const document = (...actions: string[]) => JSON.stringify({ Version: "2012-10-17", Statement: [statement(actions)] });
  const user = { name: "writer", secret: "a-secret-of-writer" };
  const policy = { name: "write-shared", policy: document("s3:PutObject", "s3:GetObject") };
  const attachment = { userName: "writer", policyName: "write-shared" };

  it("let a user do what the policy says, and their drift is found and mended", async () => {
    await driver.create("S3Bucket", { bucket: "shared" });
    const keptUser = await driver.create("IamUser", user);
    const keptPolicy = await driver.create("IamPolicy", policy);
    const keptAttachment = await driver.create("IamUserPolicyAttachment", attachment);
    await trial.s3As(user.name, user.secret).putObject("shared", "a", "1");
    await expect(trial.s3As(user.name, user.secret).removeObject("shared", "a")).rejects.toThrow(/denied/i);

    const disable = () => trial.byHand(({ admin }) => admin.setUser("writer", user.secret, "disabled"));
    expect(await driver.found(keptUser, user, disable)).toEqual(["disableUser"]);
    const widen = () => trial.byHand(({ admin }) => admin.setPolicy("write-shared", document("s3:*")));
    expect(await driver.found(keptPolicy, policy, widen)).toEqual(["policy"]);
    expect(await driver.changes(keptPolicy, { ...policy, policy: document("s3:GetObject", "s3:PutObject") })).toEqual(
      [],
    );
    await trial.s3As(user.name, user.secret).getObject("shared", "a");

    await trial.byHand(({ admin }) => admin.changePolicy("detach", "writer", "write-shared"));
    expect(await driver.read(keptAttachment)).toBeUndefined();
    await driver.create("IamUserPolicyAttachment", attachment);

    const rotated = await driver.update(keptUser, { ...user, secret: "another-secret" });
    await trial.s3As(user.name, "another-secret").getObject("shared", "a");
    await expect(trial.s3As(user.name, user.secret).getObject("shared", "a")).rejects.toThrow(/signature/i);

    const later = await trial.newDriver();
    for (const resource of [keptAttachment, keptPolicy, rotated]) {
      await later.delete(resource);
      expect(await later.read(resource)).toBeUndefined();
      await later.delete(resource);
    }
  });

  it("generate a secret when none is given, and new ones when told to", async () => {
    const made = await driver.create("IamUser", { name: "generated" });
    const secret = made.state.values["secret"] as string;
    expect(made.state.marks).toEqual({ secret: true });
    expect(secret).toHaveLength(40);
    const same = await driver.update(made, { name: "generated", disableUser: true });
    expect(same.state.values).toMatchObject({ secret, status: "disabled" });
    const other = await driver.update(made, { name: "generated", updateSecret: true });
    expect(other.state.values["secret"]).not.toBe(secret);
  });

  it("refuse what MinIO would", async () => {
    expect(await driver.failures("IamUser", { name: "a b", secret: "short" })).toHaveLength(2);
    expect(await driver.failures("IamPolicy", { name: "a", policy: "[]" })).toHaveLength(1);
    await expect(
      driver.create("IamUserPolicyAttachment", { userName: "nobody", policyName: "nothing" }),
    ).rejects.toThrow(/XMinioAdminNoSuch/);
  });
});
