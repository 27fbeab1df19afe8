import { X509Certificate, createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { check } from "../../../provider/frame/check";
import type { Context, Resource, ResourceType, Values } from "../../../provider/frame/types";
import { certRequest } from "../../../toolchain/plugins/tls/cert-request";
import { locallySignedCert } from "../../../toolchain/plugins/tls/locally-signed-cert";
import { privateKey } from "../../../toolchain/plugins/tls/private-key";
import { selfSignedCert } from "../../../toolchain/plugins/tls/self-signed-cert";

const warnings: string[] = [];
const context = { log: (_severity: string, message: string) => void warnings.push(message) } as Context<undefined>;

/** Creates as the frame does: checked, with defaults. */
async function create(type: ResourceType<undefined>, program: Values): Promise<Resource> {
  const { inputs, failures } = check(type.properties, program);
  expect([...failures, ...((await type.check?.(inputs, context)) ?? [])]).toEqual([]);
  return type.create(inputs, context);
}

async function refusals(type: ResourceType<undefined>, program: Values): Promise<string[]> {
  const { inputs, failures } = check(type.properties, program);
  return [...failures, ...((await type.check?.(inputs, context)) ?? [])].map(({ property }) => property);
}

const newKey = async (program: Values = { algorithm: "ECDSA", ecdsaCurve: "P256" }): Promise<string> =>
  (await create(privateKey, program)).state["privateKeyPem"] as string;

async function authority(overrides: Values = {}) {
  const caPrivateKeyPem = await newKey();
  const { state } = await create(selfSignedCert, {
    privateKeyPem: caPrivateKeyPem,
    subject: { commonName: "authority", organization: "Example" },
    isCaCertificate: true,
    validityPeriodHours: 24 * 365 * 40,
    allowedUses: ["cert_signing", "crl_signing"],
    ...overrides,
  });
  return { caPrivateKeyPem, caCertPem: state["certPem"] as string };
}

describe("private keys", () => {
  it.each([
    [{ algorithm: "RSA", rsaBits: 1024 }, "RSA PRIVATE KEY", "rsa"],
    [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "EC PRIVATE KEY", "ec"],
    [{ algorithm: "ECDSA", ecdsaCurve: "P384" }, "EC PRIVATE KEY", "ec"],
    [{ algorithm: "ECDSA" }, "EC PRIVATE KEY", "ec"],
    [{ algorithm: "ED25519" }, "PRIVATE KEY", "ed25519"],
  ])("%j come in every form, which are one key", async (program, label, type) => {
    const { state } = await create(privateKey, program);
    expect(state["privateKeyPem"]).toContain(`-----BEGIN ${label}-----\n`);
    const key = createPrivateKey(state["privateKeyPem"] as string);
    expect(key.asymmetricKeyType).toBe(type);
    expect(key.export({ type: "pkcs8", format: "pem" })).toBe(state["privateKeyPemPkcs8"]);
    const signature = sign(null, Buffer.from("text"), key);
    expect(verify(null, Buffer.from("text"), createPublicKey(state["publicKeyPem"] as string), signature)).toBe(true);
  });

  it("have OpenSSH's fingerprint of OpenSSH's public key", async () => {
    const { state } = await create(privateKey, { algorithm: "ECDSA", ecdsaCurve: "P384" });
    const [type, blob] = (state["publicKeyOpenssh"] as string).split(" ");
    expect(type).toBe("ecdsa-sha2-nistp384");
    const digest = createHash("sha256").update(Buffer.from(blob!, "base64")).digest("base64");
    expect(`${state["publicKeyFingerprintSha256"] as string}=`).toBe(`SHA256:${digest}`);
    expect(state["privateKeyOpenssh"]).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  });

  it("have no OpenSSH form on P224", async () => {
    const { state } = await create(privateKey, { algorithm: "ECDSA" });
    expect([state["publicKeyOpenssh"], state["privateKeyOpenssh"]]).toEqual(["", ""]);
  });

  it("are refused with every mistake", async () => {
    const program = { algorithm: "DSA", ecdsaCurve: "P1", rsaBits: 10 };
    expect(await refusals(privateKey, program)).toEqual(["algorithm", "ecdsaCurve", "rsaBits"]);
  });
});

describe("certificates", () => {
  it.each([
    [{ algorithm: "ECDSA", ecdsaCurve: "P256" }],
    [{ algorithm: "ECDSA", ecdsaCurve: "P384" }],
    [{ algorithm: "ECDSA", ecdsaCurve: "P521" }],
    [{ algorithm: "RSA", rsaBits: 2048 }],
  ])("are signed for a request with %j", async (keyType) => {
    const ca = await authority();
    const privateKeyPem = await newKey(keyType);
    const names = { dnsNames: ["postgres", "localhost"], ipAddresses: ["127.0.0.1", "::1"], uris: ["spiffe://a/b"] };
    const request = await create(certRequest, { privateKeyPem, subject: { commonName: "postgres" }, ...names });
    const made = await create(locallySignedCert, {
      ...ca,
      certRequestPem: request.state["certRequestPem"]!,
      validityPeriodHours: 48,
      allowedUses: ["digital_signature", "server_auth"],
    });
    const issuer = new X509Certificate(ca.caCertPem);
    const certificate = new X509Certificate(made.state["certPem"] as string);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
    expect(certificate.subject).toBe("CN=postgres");
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.subjectAltName).toBe(
      "DNS:postgres, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, URI:spiffe://a/b",
    );
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(48 * 3600 * 1000);
    expect(Date.parse(certificate.validTo)).toBe(Date.parse(made.state["validityEndTime"] as string));
    expect(BigInt(`0x${certificate.serialNumber}`).toString()).toBe(made.id);
  });

  it("of an authority say so, and live beyond 2050", async () => {
    const { caCertPem } = await authority();
    const certificate = new X509Certificate(caCertPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe("O=Example\nCN=authority");
    expect(new Date(certificate.validTo).getFullYear()).toBeGreaterThan(2050);
  });

  it("warn of an authority that is none", async () => {
    const ca = await authority({ isCaCertificate: false });
    const request = await create(certRequest, { privateKeyPem: await newKey() });
    const certRequestPem = request.state["certRequestPem"]!;
    await create(locallySignedCert, { ...ca, certRequestPem, validityPeriodHours: 1, allowedUses: [] });
    expect(warnings).toHaveLength(1);
  });

  it.each([
    ["certRequestPem", { certRequestPem: "nonsense" }],
    ["caCertPem", { caCertPem: "nonsense" }],
    ["caPrivateKeyPem", { caPrivateKeyPem: "nonsense" }],
  ])("name %s when it cannot be read", async (property, broken) => {
    const request = await create(certRequest, { privateKeyPem: await newKey() });
    const certRequestPem = request.state["certRequestPem"]!;
    const program: Values = { ...(await authority()), certRequestPem, validityPeriodHours: 1, allowedUses: [] };
    await expect(create(locallySignedCert, { ...program, ...(broken as Values) })).rejects.toThrow(property);
  });

  it("are refused when the key is another authority's", async () => {
    const request = await create(certRequest, { privateKeyPem: await newKey() });
    const program: Values = {
      ...(await authority()),
      caPrivateKeyPem: await newKey(),
      certRequestPem: request.state["certRequestPem"]!,
      validityPeriodHours: 1,
      allowedUses: [],
    };
    await expect(create(locallySignedCert, program)).rejects.toThrow("is not the key of caCertPem");
  });

  it("are refused with every mistake", async () => {
    const program = {
      privateKeyPem: "-",
      isCaCertificate: true,
      setAuthorityKeyId: true,
      validityPeriodHours: -1,
      earlyRenewalHours: 0.5,
      allowedUses: ["server_auth", "world_domination"],
      ipAddresses: ["127.0.0.1", "localhost"],
      uris: ["no uri"],
    };
    expect(await refusals(selfSignedCert, program)).toEqual([
      "validityPeriodHours",
      "earlyRenewalHours",
      "allowedUses[1]",
      "ipAddresses[1]",
      "uris[0]",
      "subject",
    ]);
  });
});

describe("renewal", () => {
  const program = { validityPeriodHours: 10, allowedUses: [], subject: { commonName: "c" } };

  it.each([
    [0, []],
    [9, []],
    [10, [{ path: "readyForRenewal", kind: "update", replace: true }]],
  ])("%i hours early, of a certificate for ten", async (earlyRenewalHours, expected) => {
    const made = await create(selfSignedCert, { ...program, privateKeyPem: await newKey() });
    expect(made.state["readyForRenewal"]).toBe(false);
    expect(await selfSignedCert.diff!(made, { ...program, earlyRenewalHours }, context)).toEqual(expected);
    const found = await selfSignedCert.read(made.id, { ...made.state, earlyRenewalHours }, context);
    expect(found!.state["readyForRenewal"]).toBe(expected.length > 0);
  });
});
