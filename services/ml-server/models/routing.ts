import { createHash } from "node:crypto";
import type { LoadedModel } from "./loaded-model";
import type { Served } from "./models";

/**
 * Which version answers a person: always the same one, as long as the share stays. Where it grows, those who met the
 * canary go on meeting it; of two models, other people meet it.
 */
export function versionFor(model: string, { active, canary }: Served, person: string): LoadedModel {
  return canary && percentileOf(model, person) < canary.percent ? canary.model : active;
}

/** 0 to 99, evenly spread over people. */
function percentileOf(model: string, person: string): number {
  const digest = createHash("sha256").update(`${model}:${person}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * 100);
}
