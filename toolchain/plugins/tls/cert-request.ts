import "reflect-metadata";
import { createHash } from "node:crypto";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import type { ResourceType } from "../../../provider/frame/types";
import { readSigningKey } from "./keys";
import { inStateOnly } from "./state-only";
import { alternativeNames, checkSubject, subjectName, subjectProperties } from "./subject";

export const certRequest: ResourceType<undefined> = {
  ...inStateOnly,
  properties: {
    ...subjectProperties,
    privateKeyPem: { type: "string", required: true, secret: true, replace: true },
    certRequestPem: { type: "string", computed: true },
    keyAlgorithm: { type: "string", computed: true },
  },
  check: checkSubject,
  async create(inputs) {
    const key = await readSigningKey(inputs["privateKeyPem"] as string, "privateKeyPem");
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: subjectName(inputs),
      keys: key.pair,
      signingAlgorithm: key.signing,
      extensions: alternativeNames(inputs),
    });
    const id = createHash("sha1").update(Buffer.from(request.rawData)).digest("hex");
    const certRequestPem = `${request.toString("pem")}\n`;
    return { id, state: { ...inputs, id, certRequestPem, keyAlgorithm: key.algorithm } };
  },
};
