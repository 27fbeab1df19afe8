import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { endGently } from "../../../services/shared/http/end-gently";
import { accessTokenOf, bearer, newPerson } from "../support/people";
import { newTokenKey, startBridge } from "../support/platform";

const connections = 32;

interface Said {
  status: number;
  /** Whether the connection ends with the answer. */
  isLast: boolean;
}

it("answers every request that comes on a connection until it was told that the connection ends", async () => {
  const tokenKeys = newTokenKey();
  const bridge = await startBridge({ tokenKeys });
  const headers = bearer(await accessTokenOf(await newPerson(), tokenKeys));
  const ask = (agent: Agent) =>
    new Promise<Said>((resolve, reject) => {
      const request = get(`${bridge.url}/api/manifest`, { agent, headers }, (answer) => {
        answer.resume().on("end", () => resolve({ status: answer.statusCode!, isLast: answer.headers.connection === "close" }));
      });
      request.on("error", reject);
    });
  const found: Record<string, number> = {};
  const askOn = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let said: Said | undefined; !said?.isLast; ) {
      said = await ask(agent).catch((error: NodeJS.ErrnoException) => ({ status: error.code as never, isLast: true }));
      found[said.status] = (found[said.status] ?? 0) + 1;
    }
    agent.destroy();
  };
  const asking = Array.from({ length: connections }, askOn);
  await sleep(1000);
  await endGently(bridge.server);
  await Promise.all(asking);
  expect(Object.keys(found)).toEqual(["200"]);
  expect(found["200"]).toBeGreaterThan(2 * connections);
});
