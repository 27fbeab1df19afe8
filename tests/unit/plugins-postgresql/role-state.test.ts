import { describe, expect, it } from "vitest";
import { actualPassword, isVerifier, settingsOf } from "../../../toolchain/plugins/postgresql/role-state";

describe("settingsOf", () => {
  it.each([
    ["statement_timeout=30000", 30_000],
    ["statement_timeout=30s", 30_000],
    ["statement_timeout=1.5min", 90_000],
    ["statement_timeout=2h", 7_200_000],
    ["other=1", 0],
    ["statement_timeout=soon", -1],
  ])("reads %s as %d milliseconds", (entry, milliseconds) => {
    expect(settingsOf([entry]).statementTimeout).toBe(milliseconds);
  });

  it("unquotes search paths", () => {
    expect(settingsOf(['search_path=extensions, "$user", "we""ird"']).searchPaths).toEqual([
      "extensions",
      "$user",
      'we"ird',
    ]);
  });

  it("leaves out what is not set", () => {
    expect(settingsOf([])).toEqual({ statementTimeout: 0, idleInTransactionSessionTimeout: 0 });
  });
});

describe("actualPassword", () => {
  const verifier = "SCRAM-SHA-256$4096:c2FsdA==$a:b";

  it("is the stored verifier when a verifier is declared", () => {
    expect(actualPassword(verifier, `${verifier}x`)).toBe(`${verifier}x`);
  });

  it("is the declared one when it is plain, or when nothing can be read", () => {
    expect(actualPassword("plain", verifier)).toBe("plain");
    expect(actualPassword(verifier, undefined)).toBe(verifier);
  });

  it("is none when there is none", () => {
    expect(actualPassword("plain", null)).toBeUndefined();
  });

  it("knows verifiers from passwords that look like them", () => {
    expect([verifier, `md5${"0".repeat(32)}`, "md5", "SCRAM-SHA-256"].map(isVerifier)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
