import { describe, expect, it } from "vitest";
import { redisAclFile } from "../../../catalog/redis-acl";

const users = { reader: { purpose: "", keys: ["cache:*", "queue:*"], commands: ["+@read", "-@dangerous"] } };

describe("redisAclFile", () => {
  it("has the default user off, and a line for each user with its keys before its commands", () => {
    expect(redisAclFile(users, { reader: "secret" })).toMatchInlineSnapshot(`
      "user default off resetpass resetkeys resetchannels -@all
      user reader on #2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b ~cache:* ~queue:* resetchannels +@read -@dangerous
      "
    `);
  });

  it("is not made without a password", () => {
    expect(() => redisAclFile(users, {})).toThrow("no password for cache user reader");
  });
});
