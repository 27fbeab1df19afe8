import { describe, expect, it } from "vitest";
import { parseAcl } from "../../../lib/access/acl";
import { privilegeLetters } from "../../../lib/access/privileges";

const letters = Object.keys(privilegeLetters);
const names = ["hma_app", "public", "Odd Name", 'quo"te', "a=b/c", "ü", "x*y", "1st"];

/** As Postgres' putid() does: quoted unless it is all ASCII letters, digits and underscores. */
const print = (name: string) => (/^\w+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

describe("parseAcl", () => {
  it("reads back every privilege of every role, passable or not", () => {
    for (const [index, grantee] of names.entries()) {
      const grantor = names[(index + 3) % names.length]!;
      const granted = letters.map((letter, at) => ({ letter, grantable: (at + index) % 2 === 0 }));
      const item = `${print(grantee)}=${granted.map((one) => one.letter + (one.grantable ? "*" : "")).join("")}/${print(grantor)}`;
      expect(parseAcl([item])).toEqual(
        granted.map(({ letter, grantable }) => ({ grantee, grantor, privilege: privilegeLetters[letter], grantable })),
      );
    }
  });

  it("calls the one without a name PUBLIC", () => {
    expect(parseAcl(["=U/hma_admin"])).toEqual([
      { grantee: "public", grantor: "hma_admin", privilege: "USAGE", grantable: false },
    ]);
  });

  it("reads a role without any privilege as nothing", () => {
    expect(parseAcl(["hma_app=/hma_admin"])).toEqual([]);
  });

  it.each(["hma_app", "hma_app=r", "hma_app=*r/x", "=r*", 'a b=r/c=d/e"', "hma_app=q/hma_admin"])(
    "refuses %s",
    (item) => {
      expect(() => parseAcl([item])).toThrow(/access control item/);
    },
  );
});
