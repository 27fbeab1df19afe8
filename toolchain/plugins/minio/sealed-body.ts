import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/** The longest text of one fragment, in bytes; MinIO's format puts more into further ones. */
const FRAGMENT = 16 * 1024;
/** PBKDF2 with SHA-256 of this many rounds, then AES-256-GCM: the one of MinIO's suites that needs no library. */
const SUITE = 0x02;
const ROUNDS = 8192;
const LAST = 0x80;

/**
 * Encrypts `text` as MinIO's administration API wants whatever holds secrets, under the secret key of whoever asks:
 *
 *     salt (32 bytes) | suite (1) | nonce (8) | fragment: text and tag (16)
 *
 * A fragment's nonce ends with its number, and what is authenticated with it is its place (last or not) and a tag
 * over nothing, which is fragment 0.
 */
export function sealBody(secretKey: string, text: string): Buffer {
  const plain = Buffer.from(text);
  if (plain.length > FRAGMENT) throw new RangeError(`request of ${plain.length} bytes is longer than ${FRAGMENT}`);
  const salt = randomBytes(32);
  const nonce = randomBytes(8);
  const key = pbkdf2Sync(secretKey, salt, ROUNDS, 32, "sha256");
  const opening = seal(key, nonce, 0, Buffer.alloc(0), Buffer.alloc(0));
  const fragment = seal(key, nonce, 1, plain, Buffer.concat([Buffer.of(LAST), opening]));
  return Buffer.concat([salt, Buffer.of(SUITE), nonce, fragment]);
}

function seal(key: Buffer, nonce: Buffer, number: number, plain: Buffer, authenticated: Buffer): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32LE(number);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.concat([nonce, counter])).setAAD(authenticated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
