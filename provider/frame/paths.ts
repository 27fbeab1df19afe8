import type { Marks } from "./secrets";
import type { Change } from "./types";
import { pathOf } from "./values";

/** The keys and indexes of a Pulumi property path: `a.b[0]["c.d"]` is a, b, 0, c.d. */
export function parsePath(path: string): (string | number)[] {
  const part = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g;
  return [...path.matchAll(part)].map(([, quoted, index, name]) => {
    if (quoted !== undefined) return JSON.parse(`"${quoted}"`) as string;
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return name!;
  });
}

/** Whether `path` is at or below one of the `ignored` paths, in which `*` stands for any key or index. */
export function isIgnored(path: string, ignored: string[]): boolean {
  const parts = parsePath(path);
  return ignored.some((pattern) => parsePath(pattern).every((part, at) => part === "*" || part === parts[at]));
}

/** A change inside something secret is reported as a change of all that is secret: the display sees no deeper. */
export function upToSecret(change: Change, marks: Marks | undefined): Change {
  const parts = parsePath(change.path);
  let inner = marks;
  for (let depth = 0; depth < parts.length - 1; depth++) {
    inner = inner === undefined || inner === true ? undefined : inner[String(parts[depth])];
    if (inner === true) {
      const path = parts.slice(0, depth + 1).reduce<string>(pathOf, "");
      return { ...change, path, kind: "update" };
    }
  }
  return change;
}
