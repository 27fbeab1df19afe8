import { isObject } from "./values";
import type { Property, Value, Values } from "./types";

/** Which parts of a value are secret: all of it, or some keys of an object. An array is secret as a whole. */
export type Marks = true | { [key: string]: Marks };

/** The marks that carry over to `values`: where an object has become something else, all of it is marked. */
export function project(marks: Marks | undefined, values: Value | undefined): Marks | undefined {
  if (marks === undefined || values === undefined || values === null) return undefined;
  if (marks === true || !isObject(values)) return true;
  return compact(Object.entries(marks).map(([key, mark]) => [key, project(mark, values[key])]));
}

/** The marks of properties that are declared secret. */
export function declared(properties: Record<string, Property>, values: Values): Marks | undefined {
  return compact(
    Object.entries(properties).map(([key, property]) => [key, declaredOne(property, values[key])]),
  );
}

function declaredOne(property: Property, value: Value | undefined): Marks | undefined {
  if (value === undefined || value === null) return undefined;
  if (property.secret) return true;
  if (property.properties && isObject(value)) return declared(property.properties, value);
  if (property.items && Array.isArray(value)) {
    return value.some((item) => declaredOne(property.items!, item)) || undefined;
  }
  if (property.items && isObject(value)) {
    return compact(Object.entries(value).map(([key, item]) => [key, declaredOne(property.items!, item)]));
  }
  return undefined;
}

export function union(...all: (Marks | undefined)[]): Marks | undefined {
  const present = all.filter((marks): marks is Marks => marks !== undefined);
  if (present.some((marks) => marks === true)) return true;
  const objects = present as Exclude<Marks, true>[];
  const keys = new Set(objects.flatMap((marks) => Object.keys(marks)));
  return compact([...keys].map((key) => [key, union(...objects.map((marks) => marks[key]))]));
}

function compact(entries: [string, Marks | undefined][]): Marks | undefined {
  const kept = entries.filter((entry): entry is [string, Marks] => entry[1] !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Every string that is marked. */
export function secretStrings(marks: Marks | undefined, value: Value | undefined): string[] {
  if (marks === undefined || value === undefined || value === null) return [];
  if (marks === true) return strings(value);
  if (!isObject(value)) return [];
  return Object.entries(marks).flatMap(([key, mark]) => secretStrings(mark, value[key]));
}

function strings(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isObject(value) ? Object.values(value).flatMap(strings) : [];
}

/** Anything shorter is no secret, and masking it would make messages unreadable. */
const SHORTEST = 4;

/** `message` with every secret masked, also where it is percent-encoded, quoted in JSON, or cut into lines. */
export function redact(message: string, secrets: Iterable<string>): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, ...secret.split("\n")]) {
      forms.add(part).add(encodeURIComponent(part)).add(JSON.stringify(part).slice(1, -1));
    }
  }
  return [...forms]
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
    .reduce((text, form) => text.replaceAll(form, "[secret]"), message);
}
