import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Caller } from "../support/caller";
import { accessTokenOf, newPerson, type TestPerson } from "../support/people";
import { asSuperuser, newTokenKey, startBridge, type Running } from "../support/platform";

const tokenKeys = newTokenKey();
let bridge: Running;
let caller: Caller;
let person: TestPerson;
let token: string;

beforeAll(async () => {
  bridge = await startBridge({ tokenKeys });
  caller = new Caller(bridge.url);
});
afterAll(() => bridge?.close());
beforeEach(async () => {
  person = await newPerson();
  token = await accessTokenOf(person, tokenKeys);
  await asSuperuser((client) =>
    client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, 'Test hunter')", [person.id]),
  );
});

const fresh = {
  display_name: "Test hunter",
  experience: "beginner",
  home: null,
  phone: null,
  licence_number: null,
  units: "metric",
  language: "en",
};
const patch = (body: unknown) => caller.call("PATCH", "/user/profile", { body, token });

describe("the profile", () => {
  it("is the person's own", async () => {
    const { status, body } = await caller.get("/user/profile", { token });
    expect(status).toBe(200);
    const created_at = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(body).toEqual({ id: person.id, email: person.email, role: "user", created_at, ...fresh });
  });

  it("changes by what is given alone, and null takes away", async () => {
    const change = { phone: "+49 123", home: { latitude: 50.5, longitude: -10.25 }, units: "imperial" };
    expect(await patch(change)).toMatchObject({ status: 200, body: { ...fresh, ...change } });
    expect(await patch({ display_name: "Other" })).toMatchObject({ body: { ...fresh, ...change, display_name: "Other" } });
    expect(await patch({ phone: null, home: null })).toMatchObject({ body: { phone: null, home: null, units: "imperial" } });
  });

  it("keeps what would hurt most sealed", async () => {
    await patch({ phone: "canary-phone", licence_number: "canary-licence" });
    const { rows } = await asSuperuser((client) => client.query("SELECT * FROM users.profiles WHERE user_id = $1", [person.id]));
    expect(JSON.stringify(rows)).not.toContain("canary");
  });

  it("is audited with the request, the address and the device", async () => {
    const headers = { "x-request-id": `patch-${person.id}`, "user-agent": "Test device" };
    await caller.call("PATCH", "/user/profile", { body: { experience: "expert" }, token, headers });
    const { rows } = await asSuperuser((client) =>
      client.query("SELECT actor_id, action, changed, client_ip, device FROM auth.audit_log WHERE request_id = $1", [
        headers["x-request-id"],
      ]),
    );
    const changed = ["experience", "updated_at"];
    expect(rows).toEqual([{ actor_id: person.id, action: "UPDATE", changed, client_ip: caller.ip, device: "Test device" }]);
  });

  it.each([
    [{}, "/body"],
    [{ role: "admin" }, "/body/role"],
    [{ units: "furlongs" }, "/body/units"],
    [{ home: { latitude: 91, longitude: 0 } }, "/body/home/latitude"],
    [{ display_name: "x".repeat(51) }, "/body/display_name"],
    [{ phone: 7 }, "/body/phone"],
  ])("refuses %j with 422 and where it is wrong", async (body, pointer) => {
    const answer = await patch(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it("is for nobody without a token", async () => {
    const { status, headers } = await caller.get("/user/profile");
    expect([status, headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });
});

describe("the list of accounts", () => {
  interface List {
    items: { id: string; email: string }[];
    next_cursor?: string;
  }

  it("is for administrators alone", async () => {
    expect((await caller.get("/admin/users")).status).toBe(401);
    expect((await caller.get("/admin/users", { token })).status).toBe(403);
  });

  it("goes page by page through all of them once, the newest first", async () => {
    const admin = await accessTokenOf(await newPerson("admin"), tokenKeys);
    const made = [person.id];
    for (let i = 0; i < 6; i += 1) made.unshift((await newPerson()).id);
    const found: string[] = [];
    let cursor = "";
    do {
      const query = new URLSearchParams({ limit: "4", ...(cursor && { cursor }) }).toString();
      const { body } = await caller.get<List>(`/admin/users?${query}`, { token: admin });
      expect(body.items.length).toBeLessThanOrEqual(4);
      found.push(...body.items.map(({ id }) => id));
      cursor = body.next_cursor ?? "";
    } while (cursor !== "");
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((id) => made.includes(id))).toEqual(made);
  });

  it("is filtered by role and by a part of the address", async () => {
    const admin = await newPerson("admin");
    const list = async (query: Record<string, string>) => {
      const path = `/admin/users?${new URLSearchParams(query).toString()}`;
      const { body } = await caller.get<List>(path, { token: await accessTokenOf(admin, tokenKeys) });
      return body.items.map(({ id }) => id);
    };
    const part = person.email.slice(3, 30).toUpperCase();
    expect(await list({ email: part })).toEqual([person.id]);
    expect(await list({ email: part, role: "admin" })).toEqual([]);
    expect(await list({ email: "%" })).toEqual([]);
    expect(await list({ role: "admin", email: admin.email })).toEqual([admin.id]);
  });

  it.each(["limit=0", "limit=101", "limit=x", "cursor=x", "role=root", "unknown=1", "registered_after=x"])(
    "refuses ?%s with 422",
    async (query) => {
      const admin = await accessTokenOf(await newPerson("admin"), tokenKeys);
      expect((await caller.get(`/admin/users?${query}`, { token: admin })).status).toBe(422);
    },
  );
});
