import { afterAll, beforeAll, expect, it } from "vitest";
import { contentBridge } from "../../../clients/typescript";
import { newPerson, password } from "../support/people";
import { asSuperuser, startBridge, type Running } from "../support/platform";

let bridge: Running;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge?.close());

it("the typed client logs in, and reads and changes a profile", async () => {
  const { id, email } = await newPerson();
  await asSuperuser((client) => client.query("INSERT INTO users.profiles (user_id, display_name) VALUES ($1, 'x')", [id]));
  const session: { token?: string | undefined } = {};
  const client = contentBridge({ url: bridge.url, token: () => session.token });
  const refused = await client.GET("/user/profile");
  expect(refused.error?.status).toBe(401);
  session.token = (await client.POST("/auth/login", { body: { email, password } })).data?.access_token;
  const changed = await client.PATCH("/user/profile", { body: { units: "imperial" } });
  expect(changed.data).toMatchObject({ id, email, units: "imperial" });
});
