import type { TestProject } from "vitest/node";
import { startStores, type Stores } from "./stores";

declare module "vitest" {
  interface ProvidedContext {
    stores: Stores;
  }
}

/** The stores, once for all test files of a run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { stores, stop } = await startStores();
  project.provide("stores", stores);
  return stop;
}
