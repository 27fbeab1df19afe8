import type { Failure, Value } from "../../../provider/frame/types";

/** Names of policies and of users, as the official provider has them. */
export function checkName(property: string, name: Value | undefined): Failure[] {
  if (typeof name !== "string" || /^[\w+=,.@:-]{1,96}$/.test(name)) return [];
  return [{ property, reason: `"${name}" must be 1 to 96 letters, digits and any of _ + = , . @ : -` }];
}
