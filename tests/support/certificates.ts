import "reflect-metadata"; // which @peculiar/x509 wants loaded before it
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  PemConverter,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** PEM texts: an authority of its own, and a certificate that it has issued to a server on this machine. */
export interface ServerFiles {
  "ca.crt": string;
  "tls.crt": string;
  "tls.key": string;
}

/** @param name the only DNS name that the certificate holds for; it holds for 127.0.0.1 as well */
export async function issueCertificate(name = "localhost"): Promise<ServerFiles> {
  const authorityKeys = await newKeys();
  const serverKeys = await newKeys();
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 24 * 3_600_000) };
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      name: "CN=test authority",
      keys: authorityKeys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, 0, true)],
    },
    webcrypto,
  );
  const certificate = await X509CertificateGenerator.create(
    {
      ...validity,
      subject: `CN=${name}`,
      issuer: authority.subject,
      publicKey: serverKeys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: "dns", value: name },
          { type: "ip", value: "127.0.0.1" },
        ]),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
  return {
    "ca.crt": authority.toString("pem"),
    "tls.crt": certificate.toString("pem"),
    "tls.key": PemConverter.encode(key, "PRIVATE KEY"),
  };
}

function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}
