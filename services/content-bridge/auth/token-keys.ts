import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, type JWK, type JWTVerifyGetKey } from "jose";
import { accessToken } from "../../shared/identity/access-token";

export interface TokenKeys {
  /** The key that signs. */
  signing: { kid: string; key: KeyObject };
  /** All public keys, as they are published: RFC 7517. */
  jwks: { keys: JWK[] };
  find: JWTVerifyGetKey;
}

/**
 * Reads the keys of access tokens. The first signs; the others are published beside it: the one before, for tokens that
 * are still about, and the one to come, so that whoever keeps the set knows it in time.
 *
 * @param pem PKCS #8, one after the other
 */
export async function readTokenKeys(pem: string): Promise<TokenKeys> {
  const blocks = pem.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g) ?? [];
  const keys = await Promise.all(blocks.map((block) => named(createPrivateKey(block))));
  const [signing] = keys;
  if (!signing) throw new Error("secret file token-keys holds no private key");
  const jwks = { keys: keys.map(({ jwk }) => jwk) };
  return { signing, jwks, find: createLocalJWKSet(jwks) };
}

async function named(key: KeyObject) {
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`a token key is ${key.asymmetricKeyType}, not ed25519`);
  const jwk = await exportJWK(createPublicKey(key));
  // Its own digest (RFC 7638): nobody numbers keys.
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, key, jwk: { ...jwk, kid, alg: accessToken.algorithm, use: "sig" } };
}
