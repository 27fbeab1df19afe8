import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { ExtensionSpec } from "../../catalog/extensions";
import { MigrationTrial } from "./migration-trial";
import { PlatformDatabase } from "./platform-database";

/** The test file's server, and the trial of the test that runs. */
export let server: PlatformDatabase;
export let trial: MigrationTrial;

/**
 * For a test file: starts a server for all of its tests, and for each of them a trial on it.
 *
 * @param extensions of the platform's database; by default all of the catalog's
 */
export function onMigrationTrials(extensions?: Readonly<Record<string, ExtensionSpec>>): void {
  let count = 0;

  beforeAll(async () => {
    server = await PlatformDatabase.start();
    await server.furnish(extensions);
  });

  beforeEach(async () => {
    trial = await MigrationTrial.start(server, `trial_${(count += 1)}`);
  });

  afterEach(() => trial.folder.remove());

  afterAll(() => server?.stop());
}
