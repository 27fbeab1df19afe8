import { describe, expect, it } from "vitest";
import { checkPolicy, samePolicy } from "../../../toolchain/plugins/minio/policy";

const read = { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["arn:aws:s3:::a/*"] };
const write = { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::a/*" };
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("samePolicy", () => {
  it.each([
    ["order of statements", policy(write, read)],
    ["order of actions", policy({ ...read, Action: ["s3:ListBucket", "s3:GetObject"] }, write)],
    ["a list of one", policy(read, { ...write, Action: ["s3:PutObject"] })],
    ["order of keys and white space", JSON.stringify(JSON.parse(policy(read, write)), null, 2)],
    ["an empty Sid", policy({ Sid: "", ...read }, write)],
  ])("does not see %s", (_what, other) => {
    expect(samePolicy(policy(read, write), other)).toBe(true);
  });

  it("does not see whether a single statement is a list", () => {
    expect(samePolicy(policy(read), JSON.stringify({ Version: "2012-10-17", Statement: read }))).toBe(true);
  });

  it.each([
    ["an action", policy({ ...read, Action: ["s3:GetObject"] }, write)],
    ["an effect", policy({ ...read, Effect: "Deny" }, write)],
    ["a resource", policy({ ...read, Resource: "arn:aws:s3:::b/*" }, write)],
    ["a statement", policy(read)],
    ["a condition", policy({ ...read, Condition: { StringEquals: { "s3:prefix": "a" } } }, write)],
    ["everything", "not JSON"],
  ])("sees %s", (_what, other) => {
    expect(samePolicy(policy(read, write), other)).toBe(false);
  });
});

describe("checkPolicy", () => {
  it("takes JSON objects", () => {
    expect([policy(read), "[]", "", "null"].map((text) => checkPolicy(text).length)).toEqual([0, 1, 1, 1]);
  });
});
