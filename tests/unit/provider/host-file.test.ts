import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hma } from "../../../provider/hma";
import { ProviderDriver } from "../../support/provider-driver";

const before = process.cwd();
let folder: string;
let driver: ProviderDriver<unknown>;
const inputs = (content = "one\n") => ({ path: ".hma/test/ca.crt", content });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hma-test-"));
  process.chdir(folder);
  driver = new ProviderDriver(hma);
  await driver.configure({});
});

afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe("HostFile", () => {
  it("writes a file that all may read, in folders of its owner alone", async () => {
    const kept = await driver.create("HostFile", inputs());
    expect(readFileSync(inputs().path, "utf8")).toBe("one\n");
    expect([modeOf(".hma"), modeOf(".hma/test"), modeOf(inputs().path)]).toEqual(["700", "700", "444"]);
    expect(await driver.changes(kept, inputs())).toEqual([]);
    expect(await driver.read(kept)).toEqual(kept);
  });

  it.each([
    ["missing", () => rmSync(inputs().path), ["content"]],
    ["changed", () => overwrite("two\n"), ["content"]],
    ["open to writers", () => chmodSync(inputs().path, 0o666), ["mode"]],
  ])("sees that it is %s, and mends it", async (_, change, paths) => {
    const kept = await driver.create("HostFile", inputs());
    change();
    expect(await driver.changes(kept, inputs())).toEqual(paths);
    expect(await driver.update(kept, inputs())).toEqual(kept);
    expect(await driver.changes(kept, inputs())).toEqual([]);
    expect(readFileSync(inputs().path, "utf8")).toBe("one\n");
  });

  it("takes new content over, tells a refresh that it is gone, and removes it", async () => {
    const kept = await driver.update(await driver.create("HostFile", inputs()), inputs("two\n"));
    expect(readFileSync(inputs().path, "utf8")).toBe("two\n");
    await driver.delete(kept);
    expect(existsSync(inputs().path)).toBe(false);
    expect(await driver.read(kept)).toBeUndefined();
    await driver.delete(kept);
  });

  it("refuses paths outside the project, and what is no mode", async () => {
    const outside = (path: string) => driver.failures("HostFile", { ...inputs(), path });
    expect(await outside("/etc/ca.crt")).toHaveLength(1);
    expect(await outside("a/../../ca.crt")).toHaveLength(1);
    expect(await outside("a/..b/ca.crt")).toEqual([]);
    expect(await driver.failures("HostFile", { ...inputs(), mode: "rw" })).toEqual([
      "mode: rw is no mode: give four octal digits, such as 0444",
    ]);
  });
});

function overwrite(content: string): void {
  chmodSync(inputs().path, 0o644);
  writeFileSync(inputs().path, content);
}
