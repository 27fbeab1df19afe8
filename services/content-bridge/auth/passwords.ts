import { hash, verify } from "@node-rs/argon2";

/** Argon2id as OWASP has it: 19 MiB, 2 passes. It runs on a thread, beside other requests. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

/** What no password has, at the same cost: for a login at an account that is not there. */
const nobody = hash(crypto.randomUUID(), cost);

/**
 * Whether the password is that of the hash. It takes as long without a hash, so that it does not tell whether there is
 * an account.
 */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobody), password);
  return matches && passwordHash !== undefined;
}
