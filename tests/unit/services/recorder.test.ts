import { expect, it } from "vitest";
import { Recorder, type PredictionRow } from "../../../services/ml-server/predictions/recorder";
import { unavailable } from "../../../services/shared/http/problem";
import { createLog } from "../../../services/shared/log";

it("of what waits for the database 5000 are kept, and the others counted", async () => {
  let isAway = true;
  const written: string[] = [];
  const database = {
    query: async ({ values: [rows] }: { values: string[] }) => {
      if (isAway) throw unavailable("The database");
      written.push(...(JSON.parse(rows!) as PredictionRow[]).map(({ id }) => id));
    },
  };
  const signer = { predictions: () => [] };
  let dropped = 0;
  const counter = { inc: (count = 1) => (dropped += count) };
  const log = createLog({ name: "test", version: "0" }, { write: () => undefined });
  const given: unknown = [database, signer, counter, log];
  const recorder = new Recorder(...(given as ConstructorParameters<typeof Recorder>));
  const ids = Array.from({ length: 5003 }, (_, i) => String(i));
  for (const id of ids) recorder.add({ id } as PredictionRow);
  expect(dropped).toBe(3);
  isAway = false;
  await recorder.close();
  expect(written).toEqual(ids.slice(0, 5000));
  expect(dropped).toBe(3);
});
