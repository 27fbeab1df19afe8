import { SubjectKeyIdentifierExtension } from "@peculiar/x509";
import type { ResourceType, Values } from "../../../provider/frame/types";
import { certificateProperties, checkCertificate, issue, renewed } from "./certificate";
import { readSigningKey } from "./keys";
import { alternativeNames, checkSubject, subjectName, subjectProperties } from "./subject";

export const selfSignedCert: ResourceType<undefined> = {
  ...renewed,
  properties: {
    ...certificateProperties,
    ...subjectProperties,
    privateKeyPem: { type: "string", required: true, secret: true, replace: true },
    setAuthorityKeyId: { type: "boolean", default: false, replace: true },
    keyAlgorithm: { type: "string", computed: true },
  },
  check: (inputs) => [...checkCertificate(inputs), ...checkSubject(inputs), ...checkAuthority(inputs)],
  async create(inputs) {
    const key = await readSigningKey(inputs["privateKeyPem"] as string, "privateKeyPem");
    const { publicKey } = key.pair;
    const subject = subjectName(inputs);
    const keyId = inputs["setAuthorityKeyId"] ? await SubjectKeyIdentifierExtension.create(publicKey) : undefined;
    const certified = { subject, publicKey, alternativeNames: alternativeNames(inputs) };
    const { id, state } = await issue(inputs, certified, { name: subject, key, keyId: keyId?.keyId });
    return { id, state: { ...state, keyAlgorithm: key.algorithm } };
  },
};

function checkAuthority({ isCaCertificate, setSubjectKeyId, setAuthorityKeyId, subject }: Values) {
  const failures = [];
  if (isCaCertificate === true && subject === undefined) {
    failures.push({ property: "subject", reason: "a certificate authority needs a subject" });
  }
  if (setAuthorityKeyId === true && isCaCertificate === false && setSubjectKeyId === false) {
    failures.push({ property: "setAuthorityKeyId", reason: "needs setSubjectKeyId, for the two are the same here" });
  }
  return failures;
}
