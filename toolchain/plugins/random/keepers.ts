import type { Property, Values } from "../../../provider/frame/types";

/** Any values; a change of one makes a new random value. */
export const keepers: Property = { type: "object", items: { type: "string" }, replace: true };

/** Nothing outside the state knows a random value, so it is as the state says, and is gone with the state. */
export const unchanged = {
  async update({ id, state }: { id: string; state: Values }, inputs: Values) {
    return { id, state: { ...state, ...inputs } };
  },
  async delete() {},
};
