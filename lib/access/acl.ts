import { privilegeLetters } from "./privileges";
import { PUBLIC } from "./spec";

/** One privilege that one role was given by another. */
export interface Granted {
  /** A role's name, or PUBLIC. */
  grantee: string;
  grantor: string;
  privilege: string;
  /** May pass it on. */
  grantable: boolean;
}

const item = /^("(?:[^"]|"")*"|[^"=]*)=((?:[A-Za-z]\*?)*)\/("(?:[^"]|"")*"|[^"]*)$/;

/**
 * Parses an access control list as Postgres prints it, e.g. `["hma_app=r*w/hma_migrator", "=X/hma_admin"]`.
 *
 * @throws Error for what is no aclitem, or carries a privilege that is not known here
 */
export function parseAcl(acl: readonly string[]): Granted[] {
  return acl.flatMap((text) => {
    const [, grantee, letters, grantor] = item.exec(text) ?? [];
    if (grantee === undefined || letters === undefined || grantor === undefined) {
      throw new Error(`not an access control item: ${text}`);
    }
    return [...letters.matchAll(/(.)(\*?)/g)].map(([, letter, star]) => ({
      grantee: unquote(grantee) || PUBLIC,
      grantor: unquote(grantor),
      privilege: privilegeOf(letter!, text),
      grantable: star === "*",
    }));
  });
}

function privilegeOf(letter: string, text: string): string {
  const privilege = privilegeLetters[letter];
  if (!privilege) throw new Error(`unknown privilege ${letter} in access control item ${text}`);
  return privilege;
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
