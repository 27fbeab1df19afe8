import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { report } from "../../support/figures";
import { Buckets, photo } from "../support/media";
import { accessTokenOf, bearer, newPerson, type TestPerson } from "../support/people";
import { newTokenKey, startBridge, type Running } from "../support/platform";
import { assetsOf, fileHead, formEnd, sendRaw, upload } from "../support/uploading";

/** Proof 22: what is no picture, no recording, or more than that, is refused with a reason, and nothing is left. */
const tokenKeys = newTokenKey();
let bridge: Running;
let buckets: Buckets;
let person: TestPerson;
let authorization: { authorization: string };
let jpeg: Buffer;
let folder: string;
let attacks = 0;

/** Nobody else's, so that whatever is in it was left by an attack. */
const bucket = "attacked-uploads";
const temporaryFolder = process.env["TMPDIR"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hma-test-"));
  process.env["TMPDIR"] = folder;
  buckets = new Buckets();
  await buckets.client.makeBucket(bucket);
  bridge = await startBridge({ tokenKeys, uploadsBucket: bucket });
  person = await newPerson();
  authorization = bearer(await accessTokenOf(person, tokenKeys));
  jpeg = await photo().jpeg().toBuffer();
});
afterAll(async () => {
  await bridge?.close();
  buckets?.close();
  if (temporaryFolder === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = temporaryFolder;
  await rm(folder, { recursive: true });
  await report(22, `${attacks} uploads that attack: all refused with a reason, 0 objects, parts, rows and files left`);
});

async function expectNothingLeft(): Promise<void> {
  expect(await assetsOf(person.id)).toEqual([]);
  const left = [await buckets.keys(bucket), await buckets.incomplete(bucket), await readdir(folder)];
  expect(left).toEqual([[], [], []]);
  attacks++;
}

const chunk = (type: string, data: Buffer) => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A PNG of one colour: a few kilobytes that become as many pixels as it says. */
function pixelBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

/** An archive of one file, of as many zeros. */
function zip(zeros: number): Buffer {
  const data = deflateSync(Buffer.alloc(zeros), { level: 9 }).subarray(2, -4);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(Buffer.alloc(zeros)), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(zeros, 18);
  fields.writeUInt16LE(1, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from("x"), data]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, Buffer.alloc(14), Buffer.from("x")]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
}

/** A JPEG with a comment in it. */
const withComment = (image: Buffer, comment: string) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(comment.length + 2);
  const segment = [Buffer.from([0xff, 0xfe]), length, Buffer.from(comment)];
  return Buffer.concat([image.subarray(0, 2), ...segment, image.subarray(2)]);
};

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const executable = Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01", "latin1"), Buffer.alloc(5000)]);
const playlist = Buffer.from("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
const mp4 = (size: number) =>
  Buffer.concat([Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1"), Buffer.alloc(size, 1)]);

it.each<[string, number, string, () => Buffer | Promise<Buffer>]>([
  ["a program that is called a picture", 415, "wrong-type", () => executable],
  ["a picture that is a program", 415, "wrong-type", () => svg],
  ["a web page", 415, "wrong-type", () => Buffer.from("<!doctype html><script>alert(1)</script>")],
  ["a list of files to play", 415, "wrong-type", () => playlist],
  ["a PDF document", 415, "wrong-type", () => Buffer.from("%PDF-1.7\n%%EOF")],
  ["nothing", 415, "wrong-type", () => Buffer.alloc(0)],
  ["a zip bomb", 415, "wrong-type", () => zip(50_000_000)],
  ["a pixel bomb", 422, "too-many-pixels", () => pixelBomb(20_000)],
  ["a picture that is a ZIP archive", 422, "two-files-in-one", () => Buffer.concat([jpeg, zip(100)])],
  ["one with something after that", 422, "two-files-in-one", () => Buffer.concat([jpeg, zip(100), Buffer.alloc(99)])],
  ["a picture that is a PDF document", 422, "two-files-in-one", () => withComment(jpeg, "%PDF-1.7\n1 0 obj")],
  ["a picture that is a script", 422, "two-files-in-one", () => withComment(jpeg, "<?php system($_GET['x']); ?>")],
  ["a picture that is a web page", 422, "two-files-in-one", () => withComment(jpeg, "<SCRIPT src=//x></SCRIPT>")],
  ["a film that is a ZIP archive", 422, "two-files-in-one", () => Buffer.concat([mp4(9_000_000), zip(100)])],
  ["half a JPEG", 422, "cut-off", () => jpeg.subarray(0, jpeg.length / 2)],
  ["half a PNG", 422, "cut-off", async () => (await photo().png().toBuffer()).subarray(0, -20)],
  ["half a WebP", 422, "cut-off", async () => (await photo().webp().toBuffer()).subarray(0, -20)],
  ["the first bytes of a JPEG", 422, "unreadable", () => jpeg.subarray(0, 20)],
  ["a picture that is too large", 413, "too-large", () => Buffer.concat([jpeg, Buffer.alloc(20 * 1024 ** 2)])],
])("refuses %s with %i %s", async (_name, status, kind, make) => {
  const answer = await upload(bridge.url, authorization, await make());
  expect([answer.status, answer.body["type"]]).toEqual([status, `urn:hma:problem:${kind}`]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(String(answer.body["detail"]).length).toBeGreaterThan(10);
  await expectNothingLeft();
});

it.each(["../../etc/passwd", "/etc/passwd", "..\\\\..\\\\boot.ini", "a\u0001b.jpg", `${"x".repeat(300)}.jpg`])(
  "refuses a file that is called %j",
  async (name) => {
    const answer = await sendRaw(bridge, authorization, [fileHead(name), jpeg, formEnd]);
    const { status, body } = answer as { status: number; body: string };
    expect([status, JSON.parse(body)]).toMatchObject([422, { type: "urn:hma:problem:bad-file-name" }]);
    await expectNothingLeft();
  },
);

it("refuses a recording that does not end, when it has had enough", async () => {
  function* endless() {
    yield fileHead("x.mp4");
    yield mp4(0);
    const piece = Buffer.alloc(1024 ** 2, 1);
    for (let n = 0; n < 501; n++) yield piece;
    yield formEnd;
  }
  const answer = await sendRaw(bridge, authorization, endless());
  expect(answer).toMatchObject({ status: 413 });
  await expectNothingLeft();
});

const field = (name: string) => `--frontier\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nx`;

it.each<[string, number, (string | Buffer)[]]>([
  ["without an end", 400, [fileHead("x.jpg"), "half"]],
  ["without a file", 422, ["--frontier", "--\r\n"]],
  ["of two files", 413, []],
  ["with two titles", 422, [field("title"), "\r\n", field("title"), "\r\n", fileHead("x.jpg"), "half", formEnd]],
  ["with other fields", 422, [field("__proto__"), formEnd]],
])("refuses a form %s", async (_name, status, pieces) => {
  const two = [fileHead("a.jpg"), jpeg, "\r\n", fileHead("b.jpg"), jpeg, formEnd];
  const sent = pieces.length > 0 ? pieces.flatMap((piece) => (piece === "half" ? jpeg.subarray(0, 1000) : [piece])) : two;
  const answer = (await sendRaw(bridge, authorization, sent)) as { status: number; body: string };
  expect(answer.status, answer.body).toBe(status);
  await expectNothingLeft();
});

it.each([
  ["a picture", () => [fileHead("x.jpg"), jpeg.subarray(0, jpeg.length / 2)]],
  ["a recording", () => [fileHead("x.mp4"), mp4(20_000_000)]],
])("keeps nothing of %s whose sender goes away", async (_name, pieces) => {
  expect(await sendRaw(bridge, authorization, pieces(), true)).toBe("cut");
  await vi.waitFor(expectNothingLeft, { timeout: 15_000, interval: 500 });
});

it("refuses what is no form, and bodies that are packed", async () => {
  for (const headers of [{ "content-type": "image/jpeg" }, { "content-type": "application/json" }]) {
    const body = new Uint8Array(jpeg);
    const answer = await fetch(`${bridge.url}/content/upload`, { method: "POST", headers: { ...authorization, ...headers }, body });
    expect([400, 415]).toContain(answer.status);
    await expectNothingLeft();
  }
});

it("keeps what is sent twice once", async () => {
  const twice = bearer(await accessTokenOf(await newPerson(), tokenKeys));
  const [first, second] = [await upload(bridge.url, twice, jpeg), await upload(bridge.url, twice, jpeg)];
  expect([first.status, second.status]).toEqual([202, 200]);
  expect(await buckets.keys(bucket)).toEqual([first.body["id"]]);
});
