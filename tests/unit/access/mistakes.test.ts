import { describe, expect, it } from "vitest";
import { specMistakes } from "../../../lib/access/mistakes";
import { accessSpec } from "../../../catalog/access";
import { roleNames, superuser } from "../../../catalog/roles";
import { spec } from "./sample";

describe("specMistakes", () => {
  it("finds none in the sample, and none in the catalog", () => {
    expect(specMistakes(spec)).toEqual([]);
    const verifiers = Object.fromEntries([superuser, ...roleNames].map((role) => [role, "SCRAM"]));
    expect(specMistakes(accessSpec("huntmaster", verifiers))).toEqual([]);
  });

  it("finds all of them at once, each with its path", () => {
    const wrong = structuredClone(spec) as never as Record<string, Record<string, Record<string, unknown>>>;
    wrong.roles!.app!.memberOf = ["nobody"];
    wrong.databases!.main = { owner: "ghost", privileges: { app: ["LOGIN"] } };
    wrong.schemas!.auth = {
      owner: "owner",
      privileges: { app: { table: ["EXECUTE"], view: ["SELECT"] }, eve: {} },
      exceptions: { table: { audit: { eve: ["PEEK"] } } },
    };
    expect(specMistakes(wrong as never).map(({ where, what }) => `${where}: ${what}`)).toMatchInlineSnapshot(`
      [
        "roles.app.memberOf: there is no role nobody",
        "databases.main.owner: there is no role ghost",
        "databases.main.privileges.app: LOGIN is no privilege on a database",
        "schemas.auth.privileges.app.table: EXECUTE is no privilege on a table",
        "schemas.auth.privileges.app.view: there is no kind of object view",
        "schemas.auth.privileges.eve: there is no role eve",
        "schemas.auth.exceptions.table["audit"].eve: there is no role eve",
        "schemas.auth.exceptions.table["audit"].eve: PEEK is no privilege on a table",
      ]
    `);
  });
});
