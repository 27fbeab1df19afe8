import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
const oneDay = () => ({ notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) });

/** A certificate authority for one test run. */
export class ThrowAwayAuthority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly root: x509.X509Certificate,
  ) {}

  /** @param name its own, where another is known beside it: they are told apart by nothing else */
  static async create(name = "throw-away authority"): Promise<ThrowAwayAuthority> {
    const keys = await newKeys();
    const extensions = [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ];
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      ...oneDay(),
      name: `CN=${name}`,
      keys,
      extensions,
      signingAlgorithm: algorithm,
    });
    return new ThrowAwayAuthority(keys, root);
  }

  /** Its certificate, PEM. */
  get certificate(): string {
    return this.root.toString("pem");
  }

  /** The secret files of a server that is reached as `host` by containers and as localhost or 127.0.0.1 by tests. */
  async serverFiles(host: string): Promise<Record<"tls.crt" | "tls.key" | "ca.crt", string>> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...oneDay(),
      subject: `CN=${host}`,
      issuer: this.root.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          ...["localhost", host].map((value) => ({ type: "dns" as const, value })),
          { type: "ip", value: "127.0.0.1" },
        ]),
      ],
    });
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
      "tls.crt": certificate.toString("pem"),
      "tls.key": x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
      "ca.crt": this.certificate,
    };
  }
}
