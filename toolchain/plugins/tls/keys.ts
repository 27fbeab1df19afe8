import "reflect-metadata";
import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A private key that can sign certificates and requests. */
export interface SigningKey {
  /** As the official provider names it. */
  algorithm: "RSA" | "ECDSA";
  pair: webcrypto.CryptoKeyPair;
  /** The signature algorithm that goes with the key's strength. */
  signing: { name: string; hash: string };
}

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** By OpenSSL's names of curves. */
const CURVES: Record<string, { namedCurve: string; hash: string }> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

/** Reads a private key. `property` is named when it cannot be used. */
export async function readSigningKey(pem: string, property: string): Promise<SigningKey> {
  const key = parse(pem, property);
  if (key.asymmetricKeyType === "rsa") return { algorithm: "RSA", signing: RSA, pair: await importPair(key, RSA) };
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (!curve) throw new Error(`${property}: only RSA and ECDSA keys on P256, P384 and P521 can sign certificates`);
  const signing = { name: "ECDSA", hash: curve.hash };
  return { algorithm: "ECDSA", signing, pair: await importPair(key, { name: "ECDSA", namedCurve: curve.namedCurve }) };
}

function parse(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's own message says less, and may quote the key.
    throw new Error(`${property}: is no private key in PEM`);
  }
}

async function importPair(
  key: KeyObject,
  algorithm: webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams,
): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const publicDer = createPublicKey(key).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), algorithm, false, ["sign"]),
    subtle.importKey("spki", publicDer, algorithm, true, ["verify"]),
  ]);
  return { privateKey, publicKey };
}
