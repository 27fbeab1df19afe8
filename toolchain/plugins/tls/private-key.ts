import { createHash, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Failure, Property, ResourceType, Values } from "../../../provider/frame/types";
import { toOpenSsh } from "./openssh";
import { inStateOnly } from "./state-only";

/** OpenSSL's names of the curves. */
const CURVES: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };
const ALGORITHMS = ["RSA", "ECDSA", "ED25519"];

const generate = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<{ privateKey: KeyObject }>;

const output: Property = { type: "string", computed: true };
const secret: Property = { ...output, secret: true };

export const privateKey: ResourceType<undefined> = {
  ...inStateOnly,
  properties: {
    algorithm: { type: "string", required: true, replace: true },
    ecdsaCurve: { type: "string", default: "P224", replace: true },
    rsaBits: { type: "number", default: 2048, replace: true },
    privateKeyPem: secret,
    privateKeyPemPkcs8: secret,
    privateKeyOpenssh: secret,
    publicKeyPem: output,
    publicKeyOpenssh: output,
    publicKeyFingerprintMd5: output,
    publicKeyFingerprintSha256: output,
  },
  check,
  async create(inputs) {
    const key = await newKey(inputs);
    const publicKey = createPublicKey(key);
    const ssh = toOpenSsh(key);
    const id = createHash("sha1").update(publicKey.export({ type: "spki", format: "der" })).digest("hex");
    const state: Values = {
      ...inputs,
      id,
      privateKeyPem: key.export({ type: traditional(key), format: "pem" }) as string,
      privateKeyPemPkcs8: key.export({ type: "pkcs8", format: "pem" }) as string,
      privateKeyOpenssh: ssh.privateKey,
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) as string,
      publicKeyOpenssh: ssh.publicKey,
      publicKeyFingerprintMd5: ssh.fingerprintMd5,
      publicKeyFingerprintSha256: ssh.fingerprintSha256,
    };
    return { id, state };
  },
};

function check({ algorithm, ecdsaCurve, rsaBits }: Values): Failure[] {
  const failures: Failure[] = [];
  if (typeof algorithm === "string" && !ALGORITHMS.includes(algorithm)) {
    failures.push({ property: "algorithm", reason: `must be one of ${ALGORITHMS.join(", ")}` });
  }
  if (typeof ecdsaCurve === "string" && !Object.hasOwn(CURVES, ecdsaCurve)) {
    failures.push({ property: "ecdsaCurve", reason: `must be one of ${Object.keys(CURVES).join(", ")}` });
  }
  if (typeof rsaBits === "number" && !(Number.isInteger(rsaBits) && rsaBits >= 1024 && rsaBits <= 16384)) {
    failures.push({ property: "rsaBits", reason: "must be a whole number of 1024 to 16384" });
  }
  return failures;
}

async function newKey({ algorithm, ecdsaCurve, rsaBits }: Values): Promise<KeyObject> {
  const { privateKey: key } =
    algorithm === "RSA"
      ? await generate("rsa", { modulusLength: rsaBits })
      : algorithm === "ECDSA"
        ? await generate("ec", { namedCurve: CURVES[ecdsaCurve as string] })
        : await generate("ed25519", {});
  return key;
}

/** The PEM that is older than PKCS #8; Ed25519 has none. */
function traditional(key: KeyObject): "pkcs1" | "sec1" | "pkcs8" {
  if (key.asymmetricKeyType === "rsa") return "pkcs1";
  return key.asymmetricKeyType === "ec" ? "sec1" : "pkcs8";
}
