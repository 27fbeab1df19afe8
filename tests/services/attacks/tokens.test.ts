import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint, exportJWK } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { report } from "../../support/figures";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson, type TestPerson } from "../support/people";
import { asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";

const [signing, previous, stolen] = [newTokenKey(), newTokenKey(), newTokenKey()];
let bridge: Running;
let caller: Caller;
let person: TestPerson;
let admin: TestPerson;
let kid: string;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys: signing + previous });
  caller = new Caller(bridge.url);
  [person, admin] = [await newPerson(), await newPerson("admin")];
  kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(signing)));
});
afterAll(() => bridge?.close());
// Refused by what was attacked, and not because the session of the attacks is gone.
afterEach(async () => expect(await outcome(await accessTokenOf(person, signing))).toEqual([404, true]));

/** Status of a page for people, and what the check of tokens says. */
async function outcome(token: string): Promise<[number, boolean]> {
  const page = await caller.get("/user/profile", { headers: { authorization: `Bearer ${token}` } });
  const check = await caller.post<{ valid: boolean }>("/auth/token", { token });
  expect(check.status).toBe(200);
  return [page.status, check.body.valid];
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  ...{ iss: "http://localhost:8090", aud: "huntmaster", iat: now(), exp: now() + 900 },
  ...{ sub: person.id, sid: person.sessionId, roles: ["user"] },
});
const publicPem = () => createPublicKey(signing).export({ type: "spki", format: "pem" }) as string;
const publicJwk = (pem: string) => createPublicKey(createPrivateKey(pem)).export({ format: "jwk" });

/** A token whose signature is an HMAC by a key that everybody can have. */
const confused = (key: string | Buffer) => {
  const text = `${part({ alg: "HS256", typ: "at+jwt", kid })}.${part(claims())}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
};

/** A right token with one part in another's place. */
async function edited(change: { header?: object; payload?: object; signature?: (signature: string) => string }) {
  const [header, payload, signature] = (await accessTokenOf(person, signing)).split(".") as [string, string, string];
  const merged = (text: string, more?: object) =>
    more ? part({ ...(JSON.parse(Buffer.from(text, "base64url").toString()) as object), ...more }) : text;
  return [merged(header, change.header), merged(payload, change.payload), change.signature?.(signature) ?? signature].join(".");
}

const attacks: Record<string, () => Promise<string> | string> = {
  "no algorithm": () => `${part({ alg: "none", typ: "at+jwt" })}.${part(claims())}.`,
  "no algorithm, in other letters": () => `${part({ alg: "nOnE", typ: "at+jwt", kid })}.${part(claims())}.`,
  "no algorithm over a right signature": () => edited({ header: { alg: "none" } }),
  "no signature": () => edited({ signature: () => "" }),
  "a signature that is cut off": () => edited({ signature: (text) => text.slice(0, -4) }),
  "the public key, as PEM, for an HMAC": () => confused(publicPem()),
  "the public key, as raw bytes, for an HMAC": () => confused(Buffer.from(publicJwk(signing).x!, "base64url")),
  "no key at all for an HMAC": () => confused(""),
  "another key": () => accessTokenOf(person, stolen),
  "another key under the right name": () => accessTokenOf(person, stolen, {}, { kid }),
  "another key that it brings along": () => accessTokenOf(person, stolen, {}, { jwk: publicJwk(stolen) }),
  "another key set that it points to": () => accessTokenOf(person, stolen, {}, { jku: "http://127.0.0.1:9/jwks.json" }),
  "a name of a key that is a path": () => accessTokenOf(person, stolen, {}, { kid: "../../../../dev/null" }),
  "a name of a key that is SQL": () => accessTokenOf(person, stolen, {}, { kid: "' OR 1=1 --" }),
  "the name of the other key": async () =>
    accessTokenOf(person, signing, {}, { kid: await calculateJwkThumbprint(publicJwk(previous)) }),
  "another issuer": () => accessTokenOf(person, signing, { iss: "http://localhost:8091" }),
  "no issuer": () => accessTokenOf(person, signing, { iss: undefined as never }),
  "another audience": () => accessTokenOf(person, signing, { aud: "others" }),
  "no audience": () => accessTokenOf(person, signing, { aud: undefined as never }),
  "an end that is over": () => accessTokenOf(person, signing, { iat: now() - 1000, exp: now() - 100 }),
  "no end": () => accessTokenOf(person, signing, { exp: undefined as never }),
  "an end that is no number": () => accessTokenOf(person, signing, { exp: "never" as never }),
  "an end long after 15 minutes": () => accessTokenOf(person, signing, { iat: now() - 3600, exp: now() + 3600 }),
  "a beginning in the future": () => accessTokenOf(person, signing, { nbf: now() + 600 }),
  "an issue in the future": () => accessTokenOf(person, signing, { iat: now() + 600, exp: now() + 1500 }),
  "another type": () => accessTokenOf(person, signing, {}, { typ: "JWT" }),
  "an extension that has to be understood": () => accessTokenOf(person, signing, { x: 1 }, { crit: ["x"], x: 1 }).catch(() => "x.y.z"),
  "an edited role": () => edited({ payload: { roles: ["admin"] } }),
  "an edited person": () => edited({ payload: { sub: admin.id } }),
  "another person's session": () => accessTokenOf({ ...person, sessionId: admin.sessionId }, signing),
  "a session that there is not": () => accessTokenOf({ ...person, sessionId: admin.id }, signing),
  "a session that is SQL": () => accessTokenOf({ ...person, sessionId: "' OR true --" }, signing),
  "a person that is a list": () => accessTokenOf(person, signing, { sub: [person.id] as never }),
  "a token inside a token": async () => accessTokenOf(person, signing, { sub: await accessTokenOf(person, signing) }),
  "text": () => "not-a-token",
};

describe("a token with", () => {
  let refused = 0;

  it.each(Object.keys(attacks))("%s is refused", async (name) => {
    expect(await outcome(await attacks[name]!())).toEqual([401, false]);
    refused++;
  });

  it("a forged role gives nothing: what counts is the role that the person has", async () => {
    const token = await accessTokenOf(person, signing, { roles: ["admin"] });
    expect((await caller.get("/admin/users", { token })).status).toBe(403);
  });

  it("the key before the one that signs is good until that key goes", async () => {
    const token = await accessTokenOf(person, previous);
    expect(await outcome(token)).toEqual([404, true]);
    const rotated = await startBridge({ tokenKeys: newTokenKey() + signing });
    try {
      const after = new Caller(rotated.url);
      expect((await after.get("/user/profile", { token })).status).toBe(401);
      expect((await after.get("/user/profile", { token: await accessTokenOf(person, signing) })).status).toBe(404);
    } finally {
      await rotated.close();
    }
  });

  it("a session that has ended, in any way, is refused from then on", async () => {
    const endings = [
      "UPDATE auth.sessions SET ended_at = now() WHERE id = $1",
      "UPDATE auth.sessions SET created_at = now() - interval '2 days', expires_at = now() - interval '1 s' WHERE id = $1",
      "UPDATE auth.users SET deleted_at = now() WHERE id = (SELECT user_id FROM auth.sessions WHERE id = $1)",
      "DELETE FROM auth.users WHERE id = (SELECT user_id FROM auth.sessions WHERE id = $1)",
    ];
    for (const ending of endings) {
      const other = await newPerson();
      const token = await accessTokenOf(other, signing);
      expect(await outcome(token)).toEqual([404, true]);
      await asSuperuser((client) => client.query(ending, [other.sessionId]));
      expect([ending, await outcome(token)]).toEqual([ending, [401, false]]);
    }
  });

  it.each(["", "Basic eDp4", "bearer", "Bearer", "Bearer  x", "Bearer a b", `Bearer ${"x".repeat(9000)}`])(
    "authorization %j is a 401",
    async (authorization) => {
      expect((await caller.get("/user/profile", { headers: { authorization } })).status).toBe(401);
    },
  );

  it("in one of all these ways is on record", async () => {
    const all = Object.keys(attacks).length;
    expect(refused).toBe(all);
    await report(21, `${all} forged, stolen and outlived tokens: each a 401; a role edited in, and sessions ended in 4 ways: no use`);
  });
});

it("keys of another kind are refused at the start", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  await expect(startBridge({ tokenKeys: rsa })).rejects.toThrow("a token key is rsa, not ed25519");
  await expect(startBridge({ tokenKeys: "nothing" })).rejects.toThrow("token-keys holds no private key");
});
