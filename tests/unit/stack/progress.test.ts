import { expect, it } from "vitest";
import { changesOutputs } from "../../../toolchain/stack/declared";
import { driftIn } from "../../../toolchain/stack/drift";
import { withoutSecrets } from "../../../toolchain/stack/outputs-of";
import { tellsOfChange } from "../../../toolchain/stack/pulumi";

it.each([
  [" ~  docker:index:Volume vol refreshing (0s) ", false],
  [" ~  docker:index:Volume vol refreshing (0s) [diff: -driver]", false],
  [" ~  docker:index:Volume vol refresh (0.04s) ", false],
  ["    docker:index:Volume vol  ", false],
  ["    docker:index:Volume vol ", false],
  [" +  docker:index:Container c1 created (3s) ", true],
  [" ~  docker:index:Container c1 updating (0s) [diff: ~memory]", true],
  ["Diagnostics:", true],
  ["    error: something broke", true],
  ["    7 unchanged", true],
  ["", true],
])("%j is shown: %s", (line, shown) => {
  expect(tellsOfChange(line)).toBe(shown);
});

it("names what a refresh found changed", () => {
  const output = [
    " ~  postgresql:index:Role hma_app refreshing (0s) ",
    " ~  postgresql:index:Role hma_app updated (0.05s) [diff: ~connectionLimit]",
    " -  docker:index:Container redis deleted (0.10s) ",
    "    postgresql:index:Schema auth  ",
    "    ~ 1 updated",
  ];
  expect(driftIn(output.join("\n"))).toEqual([
    "postgresql:index:Role hma_app updated [diff: ~connectionLimit]",
    "docker:index:Container redis deleted",
  ]);
});

it.each([
  ["Previewing update (dev):\n\n    pulumi:pulumi:Stack p  \nResources:\n    220 unchanged\n", false],
  ['Previewing update (dev):\n\n    pulumi:pulumi:Stack p  \nOutputs:\n  ~ a: "1" => "2"\n\nResources:\n    220 unchanged\n', true],
])("a preview that counts no change may change outputs: %j", (preview, changes) => {
  expect(changesOutputs(preview)).toBe(changes);
});

it("shows outputs from the state without their secrets", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
  expect(withoutSecrets({ credentials: { "redis.a": { username: "a", password: secret } }, list: [1, null] })).toEqual({
    credentials: { "redis.a": { username: "a", password: "[secret]" } },
    list: [1, null],
  });
});
