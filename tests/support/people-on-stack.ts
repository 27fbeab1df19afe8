import { afterAll, beforeAll } from "vitest";
import { IdentitySigner } from "./identity";
import { dropPeople, makePeople } from "./people";
import { testOutputs } from "./stack";
import { StackClients } from "./stack-clients";

/** The test stack's clients, and who signs identities as its services do. */
export let clients: StackClients;
export let signer: IdentitySigner;

/** For a test file on the test stack: there are people with rows in every table, for as long as its tests run. */
export function onPeople(): void {
  beforeAll(async () => {
    clients = new StackClients(await testOutputs());
    signer = await IdentitySigner.of(clients);
    await makePeople(clients, signer);
  });

  afterAll(() => dropPeople(clients));
}
