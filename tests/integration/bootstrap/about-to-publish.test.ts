import { randomBytes } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import { baseImage } from "../../../catalog/images";
import { stackLabels } from "../../../lib/labels";
import { isAboutToPublish } from "../../../toolchain/bootstrap/containers";
import { docker } from "../../support/docker";

const stack = `hma-test-${randomBytes(4).toString("hex")}`;
const labels = Object.entries(stackLabels(stack)).flatMap(([label, value]) => ["--label", `${label}=${value}`]);
const made: string[] = [];

afterEach(async () => {
  for (const id of made.splice(0)) await docker("rm", "--force", id);
});

it("a container that is not started yet tells which ports it will publish, of its stack alone", async () => {
  expect(await isAboutToPublish(stack, 1234)).toBe(false);
  made.push(await docker("create", ...labels, "--publish", "127.0.0.1:1234:80", "--publish", "5678:81", baseImage));
  expect(await docker("inspect", "--format", "{{.NetworkSettings.Ports}}", made[0]!)).toBe("map[]");
  expect(await isAboutToPublish(stack, 1234)).toBe(true);
  expect(await isAboutToPublish(stack, 5678)).toBe(true);
  expect(await isAboutToPublish(stack, 80)).toBe(false);
  expect(await isAboutToPublish(`${stack}-other`, 1234)).toBe(false);
});
