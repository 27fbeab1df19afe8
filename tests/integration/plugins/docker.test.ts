import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { baseImage } from "../../../catalog/images";
import type { Values } from "../../../provider/frame/types";
import { provider } from "../../../toolchain/plugins/docker";
import { ProviderDriver } from "../../support/provider-driver";
import { cleanUp, create, docker, driver, expectStable, labels, prefix } from "./docker-trial";

cleanUp();

describe("a network", () => {
  const inputs: Values = { name: `${prefix}-network`, driver: "bridge", internal: true, labels };

  it("stays as it was made, and is made again when it is gone", async () => {
    const kept = await create("Network", inputs);
    await expectStable(kept, inputs);
    await docker("network", "rm", kept.id);
    expect(await driver.read(kept)).toBeUndefined();
    expect(await driver.changes(kept, inputs)).toEqual(["scope (replace)"]);
  });

  it("is not made twice under one name", async () => {
    await create("Network", inputs);
    await expect(driver.create("Network", inputs)).rejects.toThrow(/already exists.*docker network rm/);
  });
});

describe("a volume", () => {
  const inputs: Values = { name: `${prefix}-volume`, labels };

  it("stays as it was made, and is made again when it is gone", async () => {
    const kept = await create("Volume", inputs);
    expect(kept.id).toBe(inputs["name"]);
    await expectStable(kept, inputs);
    await docker("volume", "rm", kept.id);
    expect(await driver.changes(kept, inputs)).toEqual(["mountpoint (replace)"]);
  });

  it("is taken over with its data when the labels are the same, and else left alone", async () => {
    await create("Volume", inputs);
    expect((await driver.create("Volume", inputs)).id).toBe(inputs["name"]);
    const other = { ...inputs, labels: [] };
    await expect(driver.create("Volume", other)).rejects.toThrow(/with other labels exists already/);
  });
});

describe("an image", () => {
  let folder: string;
  const inputs = (): Values => ({ name: `${prefix}-image:1`, build: { context: folder, buildArgs: { WHO: prefix } } });
  const dockerfile = (...lines: string[]) => writeFile(path.join(folder, "Dockerfile"), lines.join("\n"));

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "image-"));
    await writeFile(path.join(folder, ".dockerignore"), "left-out");
    await writeFile(path.join(folder, "left-out"), "");
    return () => rm(folder, { recursive: true });
  });

  it("is built by BuildKit from its context, stays as it is, and is made again when it is gone", async () => {
    await dockerfile(
      `FROM ${baseImage} AS first`,
      "ARG WHO",
      'RUN --mount=type=cache,target=/cache echo "hello $WHO" > /hello',
      `FROM ${baseImage}`,
      "COPY --from=first /hello /hello",
      "COPY . /context",
      'CMD ["sh", "-c", "cat /hello; ls -A /context"]',
    );
    const kept = await create("RemoteImage", inputs());
    expect(await docker("run", "--rm", "--network=none", kept.state.values["imageId"] as string)).toBe(
      `hello ${prefix}\n.dockerignore\nDockerfile`,
    );
    await expectStable(kept, inputs());
    expect(driver.messages).toContainEqual(expect.stringContaining("RUN --mount=type=cache"));

    await docker("rmi", inputs()["name"] as string);
    expect(await driver.changes(kept, inputs())).toEqual(["imageId (replace)"]);
    expect(await driver.read(kept)).toBeUndefined();
  });

  it("that cannot be built says what the failed step said", async () => {
    await dockerfile(`FROM ${baseImage}`, "RUN seq 100; echo the reason; exit 3");
    const reason = /exit code: 3\nlast 40 lines of .*\n62\n[^]*\nthe reason$/;
    await expect(driver.create("RemoteImage", inputs())).rejects.toThrow(reason);
  });

  it("without a Dockerfile is refused before anything is made", async () => {
    const build = { context: folder, dockerfile: "absent/Dockerfile" };
    expect(await driver.failures("RemoteImage", { ...inputs(), build })).toEqual([
      expect.stringMatching(/^build.context: there is no .*absent\/Dockerfile$/),
    ]);
  });
});

it("says which daemon does not answer", async () => {
  const lost = new ProviderDriver(provider);
  await lost.configure({ host: "unix:///nowhere/docker.sock" });
  const create = lost.create("Volume", { name: "any" });
  await expect(create).rejects.toThrow("no Docker daemon answers at unix:///nowhere/docker.sock (ENOENT)");
  await expect(lost.configure({ host: "ssh://somewhere" })).rejects.toThrow(/ssh:\/\/somewhere is not supported/);
});
