import "reflect-metadata";
import { createPrivateKey, X509Certificate as NodeCertificate } from "node:crypto";
import {
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from "@peculiar/x509";
import type { Context, ResourceType, Values } from "../../../provider/frame/types";
import { certificateProperties, checkCertificate, issue, renewed } from "./certificate";
import type { Certified, Issuer } from "./certificate";
import { readSigningKey } from "./keys";

export const locallySignedCert: ResourceType<undefined> = {
  ...renewed,
  properties: {
    ...certificateProperties,
    certRequestPem: { type: "string", required: true, replace: true },
    caCertPem: { type: "string", required: true, replace: true },
    caPrivateKeyPem: { type: "string", required: true, secret: true, replace: true },
    caKeyAlgorithm: { type: "string", computed: true },
  },
  check: checkCertificate,
  async create(inputs, context) {
    const certified = await readRequest(inputs);
    const issuer = await readIssuer(inputs, context);
    const { id, state } = await issue(inputs, certified, issuer);
    return { id, state: { ...state, caKeyAlgorithm: issuer.key.algorithm } };
  },
};

/** Only names are taken over from a request: what the certificate may be used for is the authority's to say. */
async function readRequest({ certRequestPem }: Values): Promise<Certified> {
  const pem = certRequestPem as string;
  const request = parse("certRequestPem", "certificate request", () => new Pkcs10CertificateRequest(pem));
  if (!(await request.verify())) throw new Error("certRequestPem: is not signed by the key that it names");
  const found = request.extensions.find((extension) => extension instanceof SubjectAlternativeNameExtension);
  const names = found?.names.items.filter(({ type }) => ["dns", "ip", "url"].includes(type)) ?? [];
  return {
    subject: request.subjectName,
    publicKey: request.publicKey,
    alternativeNames: names.length > 0 ? [new SubjectAlternativeNameExtension(names.map((name) => name.toJSON()))] : [],
  };
}

async function readIssuer({ caCertPem, caPrivateKeyPem }: Values, context: Context<undefined>): Promise<Issuer> {
  const key = await readSigningKey(caPrivateKeyPem as string, "caPrivateKeyPem");
  const certificate = parse("caCertPem", "certificate", () => new X509Certificate(caCertPem as string));
  const checked = new NodeCertificate(caCertPem as string);
  if (!checked.checkPrivateKey(createPrivateKey(caPrivateKeyPem as string))) {
    throw new Error("caPrivateKeyPem: is not the key of caCertPem");
  }
  if (!checked.ca) context.log("warning", "caCertPem is no authority's: clients will not trust what it signs");
  const keyId = certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return { name: certificate.subjectName, key, keyId };
}

function parse<Parsed>(property: string, what: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch (error) {
    throw new Error(`${property}: is no ${what} in PEM`, { cause: error });
  }
}
