import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Buckets, photo } from "../support/media";
import { accessTokenOf, bearer, newPerson } from "../support/people";
import { newTokenKey, startBridge, type Running } from "../support/platform";
import { assetsOf, fileHead, upload } from "../support/uploading";

const tokenKeys = newTokenKey();
let bridge: Running;
let buckets: Buckets;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  buckets = new Buckets();
});
afterAll(async () => {
  await bridge?.close();
  buckets?.close();
});

it("an upload that never ends is given up after its time, leaves nothing, and is in nobody's way", async () => {
  const { server } = bridge.server;
  expect(server.requestTimeout).toBe(15 * 60_000);
  // Node keeps a limit only where that for the headers is shorter.
  Object.assign(server, { headersTimeout: 500, requestTimeout: 1000 });
  const person = await newPerson();
  const headers = bearer(await accessTokenOf(person, tokenKeys));
  const before = await buckets.incomplete("huntmaster-uploads");
  const image = await photo().jpeg().toBuffer();
  const endless = async () => {
    let status = 0;
    let isOver = false;
    const sending = request(`${bridge.url}/content/upload`, {
      method: "POST",
      headers: { ...headers, "content-type": "multipart/form-data; boundary=frontier" },
    });
    sending.on("response", (answer) => (status = answer.statusCode!)).on("error", () => undefined);
    sending.on("close", () => (isOver = true));
    sending.write(fileHead("endless.jpg"));
    for (let at = 0; !isOver; at += 100) {
      sending.write(image.subarray(at % image.length, (at % image.length) + 100));
      await sleep(100);
    }
    return status;
  };
  // As many as are taken at once.
  expect(await Promise.all([endless(), endless(), endless(), endless()])).toEqual([408, 408, 408, 408]);
  expect([await assetsOf(person.id), await buckets.incomplete("huntmaster-uploads")]).toEqual([[], before]);
  expect((await upload(bridge.url, headers, image)).status).toBe(202);
});
