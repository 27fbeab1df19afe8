import { describe, expect, it } from "vitest";
import { amzDate, authorization } from "../../../toolchain/plugins/minio/sigv4";

/** From AWS's own test suite for Signature Version 4. */
const credentials = {
  accessKey: "AKIDEXAMPLE",
  secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "service",
};
const headers = { "x-amz-date": "20150830T123600Z" };
const sign = (method: string, url: string) =>
  authorization({ method, url: new URL(url), headers, body: Buffer.alloc(0) }, credentials).split("Signature=")[1];

describe("authorization", () => {
  it.each([
    ["get-vanilla", "GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["post-vanilla", "POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      "get-vanilla-query-order-key-case",
      "GET",
      "/?Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "get-vanilla-query-unreserved",
      "GET",
      "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
      "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
    ],
  ])("signs %s", (_name, method, path, signature) => {
    expect(sign(method, `https://example.amazonaws.com${path}`)).toBe(signature);
  });

  it("names what it has signed", () => {
    const request = { method: "GET", url: new URL("https://h:9000/"), headers, body: Buffer.alloc(0) };
    expect(authorization(request, credentials)).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=host;x-amz-date, /,
    );
  });
});

describe("amzDate", () => {
  it("has seconds and no more", () => {
    expect(amzDate(new Date("2015-08-30T12:36:00.123Z"))).toBe("20150830T123600Z");
  });
});
