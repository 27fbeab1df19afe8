import type { Resource, Values } from "../../../provider/frame/types";

/** Keys and certificates live in the state and nowhere else: there is nothing to read, to delete or to import. */
export const inStateOnly = {
  async read(id: string, state: Values): Promise<Resource> {
    if (Object.keys(state).length === 0) throw new Error("keys and certificates cannot be imported: create a new one");
    return { id, state };
  },
  async update({ id, state }: Resource, inputs: Values): Promise<Resource> {
    return { id, state: { ...state, ...inputs } };
  },
  async delete(): Promise<void> {},
};
