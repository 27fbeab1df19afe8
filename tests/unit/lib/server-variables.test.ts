import { expect, it } from "vitest";
import { cacheFromEnvironment } from "../../../lib/redis/environment";

const env = { REDIS_HOST: "h", REDIS_USERNAME: "u", REDIS_PASSWORD: "p", CA_FILE: "ca.crt" };

it("read the way to a server, with its port or without", () => {
  expect(cacheFromEnvironment(env)).toEqual({ host: "h", port: 6379, user: "u", password: "p", caFile: "ca.crt" });
  expect(cacheFromEnvironment({ ...env, REDIS_PORT: "7000" })).toMatchObject({ port: 7000 });
});

it("name all that is missing or wrong, and no value of a password", () => {
  const wrong = () => cacheFromEnvironment({ REDIS_PASSWORD: "hidden", REDIS_PORT: "70000" });
  expect(wrong).toThrow(/REDIS_HOST: is not set[^]*REDIS_USERNAME: is not set[^]*CA_FILE: is not set[^]*REDIS_PORT: 70000 is no port/);
  expect(wrong).not.toThrow(/hidden/);
});
