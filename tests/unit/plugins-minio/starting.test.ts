import { describe, expect, it } from "vitest";
import { isStarting } from "../../../toolchain/plugins/minio/starting";

const coded = (code: string) => Object.assign(new Error("x"), { code });

describe("isStarting", () => {
  it("knows a server that is not there, or not ready", () => {
    const unready = new Error("Request failed after 0 retries: Error: Retryable HTTP status: 503");
    const errors = [coded("ECONNREFUSED"), coded("XMinioServerNotInitialized"), unready];
    expect(errors.map(isStarting)).toEqual([true, true, true]);
  });

  it("knows a refusal", () => {
    const errors = [coded("AccessDenied"), coded("DEPTH_ZERO_SELF_SIGNED_CERT"), new Error("no")];
    expect(errors.map(isStarting)).toEqual([false, false, false]);
  });
});
