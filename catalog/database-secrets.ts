import type { Role } from "./roles";

export interface DatabaseSecretSpec {
  purpose: string;
  /** It is this role's password; others are generated for it alone. */
  passwordOf?: Role;
}

/** What functions inside the database need to know: generated for each stack, or the password of a role. */
export const databaseSecrets = {
  "identity key": { purpose: "Services sign with it who asks" },
  "personal data key": { purpose: "Encrypts what of a person must not be read in a dump" },
  "auditor password": { purpose: "The database's sessions with itself", passwordOf: "hma_auditor" },
} as const satisfies Record<string, DatabaseSecretSpec>;

export type DatabaseSecret = keyof typeof databaseSecrets;
