import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testOutputs } from "../support/stack";
import { StackClients } from "../support/stack-clients";

const email = `${randomUUID()}@example.test`;
const password = randomUUID();
let clients: StackClients;

beforeAll(async () => {
  clients = new StackClients(await testOutputs());
});
afterAll(() =>
  clients?.asRole("hma_admin", (client) => client.query("DELETE FROM auth.users WHERE email = $1::extensions.citext", [email])),
);

async function call(service: "contentBridge" | "mlServer", path: string, body?: object, token?: string) {
  const response = await fetch(`${clients.endpoint(service).url}${path}`, {
    method: body ? "POST" : "GET",
    headers: { ...(body && { "content-type": "application/json" }), ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: (await response.json()) as Record<string, any> };
}

it("whoever registers at one service logs in at the other, and asks each model that the deployment has published", async () => {
  const person = { email, password, birth_date: "1980-01-01", display_name: "Test hunter" };
  expect(await call("contentBridge", "/auth/register", person)).toMatchObject({ status: 201 });
  const login = await call("mlServer", "/auth/login", { email, password });
  expect(login.status).toBe(200);

  const { body } = await call("mlServer", "/models");
  const active = (body["models"] as Record<string, any>[]).filter(({ status }) => status === "active");
  expect(active.map(({ name }) => name as string)).toEqual(["call-type"]);
  for (const { name, version, example_input, serving } of active) {
    expect(serving).toBe(true);
    const question = { model: name as string, input: example_input as object };
    const answer = await call("mlServer", "/predict", question, login.body["access_token"] as string);
    expect(answer).toMatchObject({ status: 200, body: { model: name as string, version: version as string } });
  }
});
