import type { Property } from "../../../provider/frame/types";

type Extra = Partial<Property>;

/** A change replaces the resource. */
export const fixed: Extra = { replace: true };
/** Filled in by Docker when the program is silent. */
export const open: Extra = { computed: true, optionalInput: true };
/** Filled in by Docker alone. */
export const output: Extra = { computed: true };

export const text = (...extras: Extra[]): Property => Object.assign({ type: "string" }, ...extras);
export const number = (...extras: Extra[]): Property => Object.assign({ type: "number" }, ...extras);
export const flag = (...extras: Extra[]): Property => Object.assign({ type: "boolean" }, ...extras);
export const list = (items: Property, ...extras: Extra[]): Property =>
  Object.assign({ type: "array", items }, ...extras);
export const set = (items: Property, ...extras: Extra[]): Property => list(items, { set: true }, ...extras);
export const map = (items: Property, ...extras: Extra[]): Property =>
  Object.assign({ type: "object", items }, ...extras);
export const object = (properties: Record<string, Property>, ...extras: Extra[]): Property =>
  Object.assign({ type: "object", properties }, ...extras);

/** Labels, as the official provider spells them: a set of pairs. */
export const labels = (...extras: Extra[]): Property =>
  set(object({ label: text({ required: true }), value: text({ required: true }) }), ...extras);
