import type { Session } from "./connection";
import { identifier } from "./quote";

const dependentObjectsStillExist = "2BP01";

/** Drops `name` if it is there, and with `cascade` whatever depends on it. */
export async function drop(
  session: Session,
  kind: "SCHEMA" | "EXTENSION",
  name: string,
  cascade: boolean,
): Promise<void> {
  try {
    await session.query(`DROP ${kind} IF EXISTS ${identifier(name)} ${cascade ? "CASCADE" : "RESTRICT"}`);
  } catch (error) {
    const { code, detail, message } = error as { code?: string; detail?: string; message: string };
    if (code !== dependentObjectsStillExist) throw error;
    throw new Error(`${message}: drop them first, or set dropCascade and run "pulumi up" before. ${detail ?? ""}`);
  }
}
