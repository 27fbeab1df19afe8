import { createCipheriv, createDecipheriv, pbkdf2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sealBody } from "../../../toolchain/plugins/minio/sealed-body";

/** As the server does it, written from MinIO's format: madmin-go encrypt.go and sio-go. */
function open(secretKey: string, sealed: Buffer): string {
  const [salt, suite, nonce, fragment] = [
    sealed.subarray(0, 32),
    sealed[32],
    sealed.subarray(33, 41),
    sealed.subarray(41),
  ];
  expect(suite).toBe(2);
  const key = pbkdf2Sync(secretKey, salt, 8192, 32, "sha256");
  const decrypt = (number: number, authenticated: Buffer, data: Buffer, tag: Buffer) => {
    const iv = Buffer.concat([nonce, Buffer.of(number, 0, 0, 0)]);
    const decipher = createDecipheriv("aes-256-gcm", key, iv).setAAD(authenticated).setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  };
  // The tag over nothing cannot be asked for while decrypting: it is that of an encryption of nothing.
  const opening = openingTag(key, nonce);
  const [data, tag] = [fragment.subarray(0, -16), fragment.subarray(-16)];
  return decrypt(1, Buffer.concat([Buffer.of(0x80), opening]), data, tag).toString();
}

function openingTag(key: Buffer, nonce: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.concat([nonce, Buffer.alloc(4)]));
  cipher.final();
  return cipher.getAuthTag();
}

describe("sealBody", () => {
  it("is opened with the same key", () => {
    expect(open("secret-key", sealBody("secret-key", '{"secretKey":"ü"}'))).toBe('{"secretKey":"ü"}');
    expect(open("secret-key", sealBody("secret-key", ""))).toBe("");
  });

  it("is not opened with another key, or when a byte of it has changed", () => {
    const sealed = sealBody("secret-key", "text");
    expect(() => open("other-key", sealed)).toThrow();
    sealed[sealed.length - 1]! ^= 1;
    expect(() => open("secret-key", sealed)).toThrow();
  });

  it("never seals alike twice, and never shows its text", () => {
    const [a, b] = [sealBody("secret-key", "plain text"), sealBody("secret-key", "plain text")];
    expect(a.equals(b)).toBe(false);
    expect(a.includes("plain text")).toBe(false);
  });

  it("refuses more than one fragment holds", () => {
    expect(() => sealBody("secret-key", "x".repeat(16 * 1024 + 1))).toThrow(RangeError);
  });
});
