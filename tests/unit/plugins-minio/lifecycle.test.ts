import { describe, expect, it } from "vitest";
import { fromS3, isExpiration, toS3 } from "../../../toolchain/plugins/minio/lifecycle";

describe("rules", () => {
  it.each([
    { id: "a", expiration: "7d" },
    { id: "b", expiration: "2040-01-31", filter: "tmp/" },
    { id: "c", expiration: "DeleteMarker", noncurrentVersionExpirationDays: 3 },
    { id: "d", noncurrentVersionExpirationDays: 30, filter: "x", tags: { k: "v", n: "2" } },
  ])("come back from S3 as they went: $id", (rule) => {
    expect(fromS3(toS3(rule))).toEqual({ ...rule, status: "Enabled" });
  });

  it("are read as S3's XML spells them", () => {
    const xml = { ID: 7, Status: "Disabled", Filter: "" as const, Expiration: { Date: "2040-01-31T00:00:00Z" } };
    expect(fromS3(xml)).toEqual({ id: "7", status: "Disabled", expiration: "2040-01-31" });
    const tagged = { ID: "t", Status: "Enabled", Filter: { And: { Prefix: 1, Tag: { Key: "k", Value: 2 } } } };
    expect(fromS3(tagged)).toEqual({ id: "t", status: "Enabled", filter: "1", tags: { k: "2" } });
  });
});

describe("isExpiration", () => {
  it("takes days, dates and DeleteMarker", () => {
    const values = ["5d", "2030-01-31", "DeleteMarker", "0d", "5", "2030-13-01", "soon"];
    expect(values.map(isExpiration)).toEqual([true, true, true, false, false, false, false]);
  });
});
