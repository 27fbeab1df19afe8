import { expect, it } from "vitest";
import { declareStack } from "../support/declared-graph";

const keysOf = async (generation: string) =>
  (await declareStack("prod", { tokenKeyGeneration: generation }))
    .of("tls:index/privateKey:PrivateKey")
    .filter(({ inputs }) => inputs["algorithm"] === "ED25519")
    .map(({ name }) => name);

it("a rotation makes one key, takes one away, and signs with the one that was published before", async () => {
  expect(await keysOf("1")).toEqual(["token-keys-1", "token-keys-0", "token-keys-2"]);
  expect(await keysOf("2")).toEqual(["token-keys-2", "token-keys-1", "token-keys-3"]);
});

it("gives the keys to the content service alone, as a secret file", async () => {
  const loaders = (await declareStack("dev")).of("docker:index/container:Container");
  const files = (name: string) =>
    (loaders.find((loader) => loader.name === `${name}-secrets-loader`)?.inputs["uploads"] as { file: string }[]).map(
      ({ file }) => file,
    );
  expect(files("content-bridge")).toContain("/run/secrets/token-keys");
  expect(files("ml-server")).not.toContain("/run/secrets/token-keys");
  for (const name of ["content-bridge", "ml-server"]) expect(files(name)).toContain("/run/secrets/identity-key");
});
