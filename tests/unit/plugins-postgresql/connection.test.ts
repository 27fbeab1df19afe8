import { DatabaseError } from "pg";
import { describe, expect, it } from "vitest";
import { mayPass } from "../../../toolchain/plugins/postgresql/connection";
import { tlsOf, type Settings } from "../../../toolchain/plugins/postgresql/configuration";

const coded = (code: string) => Object.assign(new Error("x"), { code });
const fromServer = (code: string) => Object.assign(new DatabaseError("x", 1, "error"), { code });

describe("mayPass", () => {
  it.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENOENT"])("waits after %s", (code) => {
    expect(mayPass(coded(code))).toBe(true);
  });

  it("waits for a server that is starting, and behind a port that accepts too early", () => {
    expect(mayPass(fromServer("57P03"))).toBe(true);
    expect(mayPass(new Error("Connection terminated unexpectedly"))).toBe(true);
  });

  it("gives up when the server, its certificate or its name says no", () => {
    for (const error of [fromServer("28P01"), fromServer("3D000"), coded("DEPTH_ZERO_SELF_SIGNED_CERT")]) {
      expect(mayPass(error)).toBe(false);
    }
    expect(mayPass(new Error("The server does not support SSL connections"))).toBe(false);
  });
});

describe("tlsOf", () => {
  const settings = { sslmode: "require" } as Settings;

  it("follows libpq", () => {
    expect(tlsOf({ ...settings, sslmode: "disable" })).toBe(false);
    expect(tlsOf(settings)).toEqual({ rejectUnauthorized: false });
    expect(tlsOf({ ...settings, sslmode: "verify-full" })).toEqual({});
    expect(tlsOf({ ...settings, sslmode: "verify-ca" })).toEqual({
      checkServerIdentity: expect.any(Function) as unknown,
    });
  });
});
