import { Type } from "typebox";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { NotServable } from "../models/loaded-model";
import type { Models } from "../models/models";
import { lockModel, setRollout, type Rollout } from "../models/registry";
import type { ModelVersion } from "../models/version";
import { describe } from "./models";

const Version = Type.String({ minLength: 1, maxLength: 50 });

const Canary = Type.Object(
  { version: Version, percent: Type.Integer({ minimum: 1, maximum: 50 }) },
  { additionalProperties: false },
);

const RolloutBody = Type.Object({ active: Version, canary: Type.Optional(Canary) }, { additionalProperties: false });

/** `PUT /admin/models/{model}/rollout`: which version answers whom. With the version before, it is the rollback. */
export function setRollouts(server: Server, models: Models, transactions: Transactions): void {
  const schema = {
    tags: ["models"],
    summary: "Say which version answers, and which is tried with a share of people",
    params: Type.Object({ model: Type.String({ minLength: 1, maxLength: 100 }) }),
    body: RolloutBody,
    response: { 200: Type.Object({ models: Type.Array(Type.Ref("Model#")) }), ...problems(404, 422) },
  };
  server.put("/admin/models/:model/rollout", { config: { access: "admin" }, schema }, async (request) => {
    const { model } = request.params;
    await transactions.asIdentity(personOf(request), originOf(request), async (client) => {
      const versions = await lockModel(client, model);
      if (versions.length === 0) throw new Problem(404, "unknown-model", { detail: `There is no model "${model}"` });
      await check(request.body, versions, models);
      await setRollout(client, model, request.body);
    });
    await models.refresh();
    const all = (models.versions ?? []).filter(({ name }) => name === model);
    return { models: all.map((version) => describe(version, models)) };
  });
}

/** What cannot be served is refused before anybody is answered by it; all that is wrong at once. */
async function check({ active, canary }: Rollout, versions: readonly ModelVersion[], models: Models): Promise<void> {
  const errors = await Promise.all([
    mistake("/body/active", active, versions, models),
    ...(canary ? [mistake("/body/canary/version", canary.version, versions, models)] : []),
  ]);
  if (canary?.version === active) errors.push({ pointer: "/body/canary/version", detail: "is the active version" });
  const found = errors.filter((error) => error !== undefined);
  if (found.length === 0) return;
  const detail = found.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
  throw new Problem(422, "invalid-rollout", { detail, errors: found });
}

async function mistake(pointer: string, wanted: string, versions: readonly ModelVersion[], models: Models) {
  const version = versions.find((one) => one.version === wanted);
  if (!version) return { pointer, detail: `is not one of ${versions.map((one) => one.version).join(", ")}` };
  try {
    await models.load(version);
    return undefined;
  } catch (error) {
    if (error instanceof NotServable) return { pointer, detail: `cannot be served: ${error.message}` };
    throw error;
  }
}
