import { describe, expect, it } from "vitest";
import { whenReachable } from "../../../toolchain/plugins/minio/retry";

const never = new AbortController().signal;
const failing = (times: number, error: Error) => {
  let left = times;
  return async () => {
    if (left-- > 0) throw error;
    return "answer";
  };
};

describe("whenReachable", () => {
  it.each([
    Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
    Object.assign(new Error("starting"), { code: "XMinioServerNotInitialized" }),
    new Error("Request failed after 0 retries: Error: Retryable HTTP status: 503"),
  ])("waits while the server is starting: $message", async (error) => {
    expect(await whenReachable("host", never, failing(2, error))).toBe("answer");
  });

  it("passes on any other error at once", async () => {
    await expect(whenReachable("host", never, failing(1, new Error("no")))).rejects.toThrow("no");
  });

  it("stops when it is told to", async () => {
    const stopped = AbortSignal.abort(new Error("cancelled"));
    await expect(whenReachable("host", stopped, failing(0, new Error()))).rejects.toThrow("cancelled");
  });
});
