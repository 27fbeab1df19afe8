import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { Tokens } from "../../../services/shared/identity/login";
import { Caller } from "../../services/support/caller";
import { testOutputs } from "../../support/stack";
import { StackClients } from "../../support/stack-clients";

/** Somebody with an account on the test stack, who was registered and has logged in. */
export interface Visitor {
  id: string;
  email: string;
  password: string;
  tokens: Tokens;
  bridge: Caller;
  ml: Caller;
}

/** People of one test file, who call the test stack's services. */
export class Visitors {
  private readonly made: string[] = [];

  constructor(private readonly clients: StackClients) {}

  callerOf = (service: ServiceName) => new Caller(this.clients.endpoint(service).url);

  /** @param role administrators are made by whoever operates the database */
  async newVisitor(role: "user" | "admin" = "user"): Promise<Visitor> {
    const [bridge, ml] = [this.callerOf("contentBridge"), this.callerOf("mlServer")];
    const [email, password] = [`${randomUUID()}@example.test`, randomUUID()];
    const person = { email, password, birth_date: "1980-01-01", display_name: "Visitor" };
    const { status, body } = await bridge.post<{ id: string }>("/auth/register", person);
    if (status !== 201) throw new Error(`registering was answered with ${status}`);
    this.made.push(body.id);
    if (role === "admin") {
      await this.clients.asRole("hma_admin", (client) =>
        client.query("UPDATE auth.users SET role = 'admin' WHERE id = $1", [body.id]),
      );
    }
    const login = await bridge.post<Tokens>("/auth/login", { email, password });
    return { id: body.id, email, password, tokens: login.body, bridge, ml };
  }

  /** Takes them away with all that is theirs. */
  async leave(): Promise<void> {
    await this.clients.asRole("hma_admin", async (client) => {
      await client.query("DELETE FROM content.content_items WHERE author_id = ANY($1)", [this.made]);
      await client.query("DELETE FROM content.assets WHERE owner_id = ANY($1)", [this.made]);
      await client.query("DELETE FROM auth.users WHERE id = ANY($1)", [this.made]);
    });
  }
}

/** The services by their endpoints, and what they call themselves. */
export const services = { contentBridge: "content-bridge", mlServer: "ml-server" } as const;
export type ServiceName = keyof typeof services;
export const serviceNames = Object.keys(services) as ServiceName[];

/** Anything that a service or the database answers. */
export type Content = Record<string, any>;

/** The test stack's clients, and two people who are there for as long as the tests of a file run. */
export let clients: StackClients;
export let visitors: Visitors;
export let visitor: Visitor;
export let admin: Visitor;

export function onVisitors(): void {
  beforeAll(async () => {
    clients = new StackClients(await testOutputs());
    visitors = new Visitors(clients);
    [visitor, admin] = [await visitors.newVisitor(), await visitors.newVisitor("admin")];
  });
  afterAll(() => visitors?.leave());
}

/** Who asks, in a call. */
export const as = ({ tokens }: Visitor) => ({ token: tokens.access_token });

/** How long to wait for what the worker or a recorder does, in milliseconds. */
export const later = { timeout: 60_000, interval: 200 };

/** The version of the shipped model that answers. */
export async function activeModel(): Promise<Content> {
  const { body } = await visitor.ml.get<{ models: Content[] }>("/models");
  return body.models.find(({ serving }) => serving as boolean)!;
}
