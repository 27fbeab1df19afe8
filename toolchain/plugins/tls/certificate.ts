import "reflect-metadata";
import { randomBytes } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Extension, Name, PublicKeyType } from "@peculiar/x509";
import type { Change, Failure, Property, Resource, ResourceType, Values } from "../../../provider/frame/types";
import type { SigningKey } from "./keys";
import { inStateOnly } from "./state-only";
import { USES, useExtensions } from "./uses";

const HOUR = 60 * 60 * 1000;

const flag: Property = { type: "boolean", default: false, replace: true };
const output: Property = { type: "string", computed: true };

/** What both kinds of certificate have in common. */
export const certificateProperties: Record<string, Property> = {
  allowedUses: { type: "array", items: { type: "string" }, required: true, replace: true },
  validityPeriodHours: { type: "number", required: true, replace: true },
  earlyRenewalHours: { type: "number", default: 0 },
  isCaCertificate: flag,
  maxPathLength: { type: "number", computed: true, optionalInput: true, replace: true },
  setSubjectKeyId: flag,
  certPem: output,
  readyForRenewal: { type: "boolean", computed: true },
  validityStartTime: output,
  validityEndTime: output,
};

/** A certificate that is ready for renewal is replaced by the next update. */
export const renewed: Pick<ResourceType<undefined>, "read" | "update" | "delete" | "diff"> = {
  ...inStateOnly,
  async read(id, state) {
    const found = await inStateOnly.read(id, state);
    const readyForRenewal = isReady(state, state);
    return { id, state: { ...found.state, ...(readyForRenewal && { readyForRenewal }) } };
  },
  diff({ state }, inputs): Change[] {
    return isReady(state, inputs) ? [{ path: "readyForRenewal", kind: "update", replace: true }] : [];
  },
};

function isReady({ validityEndTime }: Values, { earlyRenewalHours }: Values): boolean {
  const early = typeof earlyRenewalHours === "number" ? earlyRenewalHours * HOUR : 0;
  return Date.parse(validityEndTime as string) - early <= Date.now();
}

export function checkCertificate(inputs: Values): Failure[] {
  const failures: Failure[] = [];
  for (const [property, least] of Object.entries({ validityPeriodHours: 0, earlyRenewalHours: 0, maxPathLength: -1 })) {
    const value = inputs[property];
    if (typeof value === "number" && !(Number.isInteger(value) && value >= least)) {
      failures.push({ property, reason: `must be a whole number of ${least} or more` });
    }
  }
  const uses = Array.isArray(inputs["allowedUses"]) ? inputs["allowedUses"] : [];
  for (const [index, use] of uses.entries()) {
    if (typeof use === "string" && !USES.includes(use)) {
      failures.push({ property: `allowedUses[${index}]`, reason: `${use} is none of ${USES.join(", ")}` });
    }
  }
  return failures;
}

/** What is put under a signature. */
export interface Certified {
  subject: Name;
  publicKey: PublicKeyType;
  alternativeNames: Extension[];
}

export interface Issuer {
  name: Name;
  key: SigningKey;
  /** Hexadecimal; given where the certificate is to name its issuer's key. */
  keyId?: string | undefined;
}

export async function issue(inputs: Values, certified: Certified, issuer: Issuer): Promise<Resource> {
  const serial = randomBytes(16);
  // A serial number is positive, and its first byte says so.
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const start = new Date(Math.floor(Date.now() / 1000) * 1000);
  const end = new Date(start.getTime() + (inputs["validityPeriodHours"] as number) * HOUR);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString("hex"),
    subject: certified.subject,
    issuer: issuer.name,
    notBefore: start,
    notAfter: end,
    publicKey: certified.publicKey,
    signingKey: issuer.key.pair.privateKey,
    signingAlgorithm: issuer.key.signing,
    extensions: [...(await extensions(inputs, certified, issuer))],
  });
  const id = BigInt(`0x${serial.toString("hex")}`).toString();
  const state: Values = {
    ...inputs,
    id,
    certPem: `${certificate.toString("pem")}\n`,
    readyForRenewal: false,
    validityStartTime: rfc3339(start),
    validityEndTime: rfc3339(end),
  };
  return { id, state };
}

async function extensions(inputs: Values, certified: Certified, issuer: Issuer): Promise<Extension[]> {
  const isCa = inputs["isCaCertificate"] === true;
  const maxPathLength = inputs["maxPathLength"] as number | undefined;
  const pathLength = isCa && maxPathLength !== undefined && maxPathLength >= 0 ? maxPathLength : undefined;
  const withKeyId = isCa || inputs["setSubjectKeyId"] === true;
  return [
    ...useExtensions(inputs["allowedUses"] as string[]),
    new BasicConstraintsExtension(isCa, pathLength, true),
    ...(withKeyId ? [await SubjectKeyIdentifierExtension.create(certified.publicKey)] : []),
    ...(issuer.keyId !== undefined ? [new AuthorityKeyIdentifierExtension(issuer.keyId)] : []),
    ...certified.alternativeNames,
  ];
}

function rfc3339(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}
