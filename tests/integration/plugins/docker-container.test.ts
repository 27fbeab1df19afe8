import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { baseImage } from "../../../catalog/images";
import type { Values } from "../../../provider/frame/types";
import { cleanUp, create, docker, driver, expectStable, labels, prefix } from "./docker-trial";

cleanUp();

const running: Values = {
  name: `${prefix}-container`,
  image: baseImage,
  command: ["sleep", "1000"],
  networkMode: "none",
  stopSignal: "SIGKILL",
  labels,
};
describe("a container", () => {
  it("stays as it was made, with everything set", async () => {
    const network = await create("Network", { name: `${prefix}-network`, labels });
    const volume = await create("Volume", { name: `${prefix}-volume`, labels });
    const inputs: Values = {
      ...running,
      hostname: "sample",
      command: ["sh", "-c", "touch /tmp/ready; sleep 1000"],
      envs: ["B=2", "A=1"],
      user: "10001:10001",
      readOnly: true,
      capabilities: { adds: ["net_bind_service"], drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      tmpfs: { "/tmp": "rw,size=1m,uid=10001" },
      volumes: [{ volumeName: volume.id, containerPath: "/data", readOnly: true }],
      memory: 64,
      shmSize: 8,
      ulimits: [{ name: "nofile", soft: 512, hard: 1024 }],
      logDriver: "json-file",
      logOpts: { "max-size": "1m" },
      networkMode: "bridge",
      networksAdvanced: [{ name: network.state.values["name"] as string, aliases: ["other"] }],
      ports: [{ internal: 81, ip: "127.0.0.1" }, { internal: 80, ip: "127.0.0.1" }],
      restart: "unless-stopped",
      destroyGraceSeconds: 1,
      healthcheck: { tests: ["CMD", "test", "-e", "/tmp/ready"], interval: "500ms", timeout: "60s" },
    };
    const kept = await create("Container", inputs);
    await expectStable(kept, inputs);

    expect(await driver.changes(kept, { ...inputs, image: "other:1" })).toEqual(["image (replace)"]);
    const more = { ...inputs, memory: 80 };
    expect(await driver.changes(kept, more)).toEqual(["memory"]);
    const updated = await driver.update(kept, more);
    expect(await docker("inspect", "--format", "{{.HostConfig.Memory}}", kept.id)).toBe(String(80 * 1024 * 1024));
    await expectStable(updated, more);

    await docker("network", "disconnect", network.id, kept.id);
    expect(await driver.changes((await driver.read(updated))!, more)).toEqual(["networksAdvanced (replace)"]);
  });

  it("that has stopped is started by an update, one that is gone is made again", async () => {
    const kept = await create("Container", running);
    await docker("kill", kept.id);
    expect(await driver.changes(kept, running)).toEqual(["mustRun"]);
    const refreshed = (await driver.read(kept))!;
    expect(refreshed.state.values).toMatchObject({ mustRun: false, exitCode: 137 });
    expect(await driver.changes(refreshed, running)).toEqual(expect.arrayContaining(["mustRun"]));

    const started = await driver.update(refreshed, running);
    await expectStable({ ...started }, running);
    await docker("rm", "--force", kept.id);
    expect(await driver.changes(started, running)).toEqual(["networkDatas (replace)"]);
    expect(await driver.read(started)).toBeUndefined();
  });

  it("takes files into a volume without being started, for their owner only, and shows them to nobody", async () => {
    const volume = await create("Volume", { name: `${prefix}-volume`, labels });
    const volumes = [{ volumeName: volume.id, containerPath: "/run/secrets" }];
    const inputs = {
      ...running,
      mustRun: false,
      start: false,
      volumes,
      uploads: [
        { file: "/run/secrets/text", content: "canary-1", permissions: "0400", owner: "10001", group: "10002" },
        { file: "/run/secrets/bytes", contentBase64: Buffer.from("canary-2").toString("base64") },
      ],
    };
    const kept = await create("Container", inputs);
    expect(await docker("inspect", "--format", "{{.State.Status}}", kept.id)).toBe("created");
    await expectStable(kept, inputs);
    expect(await docker("inspect", kept.id)).not.toContain("canary");
    const reader = ["run", "--rm", "--network=none", "--volumes-from", kept.id, baseImage, "sh", "-c"];
    expect(await docker(...reader, "cd /run/secrets; stat -c '%a %u %g' text bytes; cat text bytes")).toBe(
      "400 10001 10002\n644 0 0\ncanary-1canary-2",
    );
  });

  it("that cannot start says who has its port, and is not left behind", async () => {
    const network = await create("Network", { name: `${prefix}-network`, labels });
    const networksAdvanced = [{ name: network.id }];
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { port } = holder.address() as AddressInfo;
    const ports = [{ internal: 80, external: port, ip: "127.0.0.1" }];
    const published = { networkMode: "bridge", networksAdvanced, ports };
    await expect(driver.create("Container", { ...running, ...published })).rejects.toThrow(
      `port ${port} of the host is in use. Find by which process: ss -ltnp 'sport = :${port}'`,
    );
    await new Promise((resolve) => holder.close(resolve));

    await create("Container", { ...running, ...published });
    const second = { ...running, ...published, name: `${prefix}-second` };
    await expect(driver.create("Container", second)).rejects.toThrow(
      `port ${port} of the host is published by container ${prefix}-container`,
    );
  });
});
