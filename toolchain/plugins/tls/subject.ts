import "reflect-metadata";
import { isIP } from "node:net";
import { Name, SubjectAlternativeNameExtension } from "@peculiar/x509";
import type { Failure, Property, Values } from "../../../provider/frame/types";

const text: Property = { type: "string", replace: true };
const texts: Property = { type: "array", items: { type: "string" }, replace: true };

/** Parts of a distinguished name in their usual order, with their object identifiers. */
const PARTS = {
  country: "2.5.4.6",
  organization: "2.5.4.10",
  organizationalUnit: "2.5.4.11",
  locality: "2.5.4.7",
  province: "2.5.4.8",
  streetAddresses: "2.5.4.9",
  postalCode: "2.5.4.17",
  commonName: "2.5.4.3",
  serialNumber: "2.5.4.5",
  emailAddress: "1.2.840.113549.1.9.1",
};

/** Whom a certificate is for. */
export const subjectProperties: Record<string, Property> = {
  subject: {
    type: "object",
    replace: true,
    properties: Object.fromEntries(
      Object.keys(PARTS).map((part) => [part, part === "streetAddresses" ? texts : text]),
    ),
  },
  dnsNames: texts,
  ipAddresses: texts,
  uris: texts,
};

export function checkSubject({ ipAddresses, uris }: Values): Failure[] {
  const failures: Failure[] = [];
  for (const [index, address] of asList(ipAddresses).entries()) {
    if (typeof address === "string" && isIP(address) === 0) {
      failures.push({ property: `ipAddresses[${index}]`, reason: `${address} is no IP address` });
    }
  }
  for (const [index, uri] of asList(uris).entries()) {
    if (typeof uri === "string" && !URL.canParse(uri)) {
      failures.push({ property: `uris[${index}]`, reason: `${uri} is no URI` });
    }
  }
  return failures;
}

export function subjectName({ subject }: Values): Name {
  const given = (subject ?? {}) as Record<string, string | string[]>;
  return new Name(
    Object.entries(PARTS).flatMap(([part, identifier]) => {
      const values = [given[part] ?? []].flat();
      return values.length > 0 ? [{ [identifier]: values }] : [];
    }),
  );
}

export function alternativeNames({ dnsNames, ipAddresses, uris }: Values): SubjectAlternativeNameExtension[] {
  const names = [
    ...asList(dnsNames).map((value) => ({ type: "dns" as const, value: value as string })),
    ...asList(ipAddresses).map((value) => ({ type: "ip" as const, value: value as string })),
    ...asList(uris).map((value) => ({ type: "url" as const, value: value as string })),
  ];
  return names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [];
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
