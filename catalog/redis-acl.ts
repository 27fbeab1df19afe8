import { createHash } from "node:crypto";
import type { CacheUserSpec } from "./cache";

/**
 * Redis' ACL file. Passwords go in as SHA-256, as Redis itself stores them: they are long and random, so that the
 * hash gives nothing away. The default user is off: no connection without a name and a password.
 */
export function redisAclFile(
  users: Readonly<Record<string, CacheUserSpec>>,
  passwords: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries(users).map(([name, { keys, commands }]) => {
    const password = passwords[name];
    if (password === undefined) throw new Error(`no password for cache user ${name}`);
    const hash = createHash("sha256").update(password).digest("hex");
    return ["user", name, "on", `#${hash}`, ...keys.map((key) => `~${key}`), "resetchannels", ...commands].join(" ");
  });
  return `${["user default off resetpass resetkeys resetchannels -@all", ...lines].join("\n")}\n`;
}
