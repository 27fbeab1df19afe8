import { createHash, randomBytes } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

/** A key in OpenSSH's formats; all empty for a key that OpenSSH does not know, as the official provider has it. */
export interface OpenSsh {
  privateKey: string;
  publicKey: string;
  fingerprintMd5: string;
  fingerprintSha256: string;
}

/** What OpenSSH calls a key, and the fields of its public and private parts. */
interface Parts {
  type: string;
  publicFields: Buffer[];
  privateFields: Buffer[];
}

export function toOpenSsh(key: KeyObject): OpenSsh {
  const parts = partsOf(key);
  if (!parts) return { privateKey: "", publicKey: "", fingerprintMd5: "", fingerprintSha256: "" };
  const blob = Buffer.concat([field(parts.type), ...parts.publicFields]);
  const md5 = createHash("md5").update(blob).digest("hex");
  return {
    privateKey: privateFile(parts, blob),
    publicKey: `${parts.type} ${blob.toString("base64")}\n`,
    fingerprintMd5: md5.match(/../g)!.join(":"),
    fingerprintSha256: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
  };
}

function partsOf(key: KeyObject): Parts | undefined {
  // A curve that OpenSSH does not know has no JSON form either.
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = key.export({ format: "jwk" });
  const bytes = (name: keyof JsonWebKey): Buffer => Buffer.from(jwk[name] as string, "base64url");
  const number = (name: keyof JsonWebKey): Buffer => integer(bytes(name));
  if (jwk.kty === "RSA") {
    return {
      type: "ssh-rsa",
      publicFields: [number("e"), number("n")],
      privateFields: [number("n"), number("e"), number("d"), number("qi"), number("p"), number("q")],
    };
  }
  if (jwk.kty === "OKP") {
    const publicKey = bytes("x");
    return {
      type: "ssh-ed25519",
      publicFields: [field(publicKey)],
      privateFields: [field(publicKey), field(Buffer.concat([bytes("d"), publicKey]))],
    };
  }
  const curve = `nistp${jwk.crv!.slice("P-".length)}`;
  const publicFields = [field(curve), field(Buffer.concat([Buffer.from([4]), bytes("x"), bytes("y")]))];
  return { type: `ecdsa-sha2-${curve}`, publicFields, privateFields: [...publicFields, number("d")] };
}

/** openssh-key-v1, not encrypted and without a comment. */
function privateFile(parts: Parts, blob: Buffer): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, field(parts.type), ...parts.privateFields, field("")]);
  const padding = Buffer.from(Array.from({ length: -secret.length & 7 }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(field),
    Buffer.from([0, 0, 0, 1]),
    field(blob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,64}/g)!;
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

/** Bytes after their length. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** An unsigned number, which a leading zero keeps from looking negative. */
function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(start);
  return field(digits[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}
