import type { Log } from "../../shared/log";
import { Repeating } from "../../shared/repeating";
import type { Database } from "../../shared/stores/database";
import type { ObjectStore } from "../../shared/stores/object-store";
import { Inference } from "./inference";
import { LoadedModel, maxWeights, NotServable } from "./loaded-model";
import { allVersions } from "./registry";
import type { ModelVersion } from "./version";

/** What a model's requests are answered by. */
export interface Served {
  active: LoadedModel;
  /** Tried with a share of people, in percent. */
  canary?: { model: LoadedModel; percent: number };
}

const keyOf = ({ id, sha256 }: ModelVersion) => `${id} ${sha256}`;

/**
 * The models that are served, kept as the registry says. What was loaded goes on while the stores are away, and while
 * the version that is to follow cannot be served.
 */
export class Models {
  /** As of the last look at the registry; undefined before the first. */
  versions: readonly ModelVersion[] | undefined;
  private served: ReadonlyMap<string, Served> = new Map();
  /** What was served before, too: a rollback needs no store. */
  private readonly loaded = new Map<string, LoadedModel>();
  /** What was logged of versions that cannot be served, so that it is said once. */
  private readonly told = new Map<string, string>();
  private readonly looks: Repeating;
  private readonly inference = new Inference();

  /** @param everyMs milliseconds between two looks at the registry */
  constructor(
    private readonly database: Database,
    private readonly objectStore: ObjectStore,
    everyMs: number,
    private readonly log: Log,
  ) {
    this.looks = new Repeating(() => this.lookIfPossible(), everyMs);
  }

  async close(): Promise<void> {
    await this.looks.stop();
    await this.inference.close();
  }

  /** What answers for a model; undefined where nothing does. */
  find(name: string): Served | undefined {
    return this.served.get(name);
  }

  /** Makes what is served what the registry says, as far as it can be asked. */
  refresh(): Promise<void> {
    return this.looks.now();
  }

  /**
   * A version, ready to answer.
   *
   * @throws NotServable, or Problem 503 where the object store is away
   */
  async load(version: ModelVersion): Promise<LoadedModel> {
    const known = this.loaded.get(keyOf(version));
    if (known) return known;
    const model = await LoadedModel.load(version, await this.fetch(version), this.inference);
    this.loaded.set(keyOf(version), model);
    this.log.info({ model: version.name, version: version.version }, "a model is loaded");
    return model;
  }

  private async lookIfPossible(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.log.warn({ err: error }, "cannot look at the registry: what is loaded goes on");
    }
  }

  private async look(): Promise<void> {
    const versions = await this.database.query<ModelVersion>(allVersions);
    const known = new Set(versions.map(keyOf));
    for (const [key, model] of this.loaded) {
      if (known.has(key)) continue;
      this.loaded.delete(key);
      await model.forget();
    }
    const wanted = versions.filter(({ status, canaryPercent }) => status === "active" || canaryPercent > 0);
    // All at once: a store that hangs is waited for once.
    const models = new Map(
      await Promise.all(wanted.map(async (version) => [version.id, await this.loadIfPossible(version)] as const)),
    );
    const served = new Map<string, Served>();
    for (const { id, name } of wanted.filter(({ status }) => status === "active")) {
      const active = models.get(id) ?? this.served.get(name)?.active;
      const tried = wanted.find((version) => version.name === name && version.canaryPercent > 0);
      const canary = tried && models.get(tried.id);
      if (!active) continue;
      served.set(name, { active, ...(canary && { canary: { model: canary, percent: tried.canaryPercent } }) });
    }
    this.versions = versions;
    this.served = served;
  }

  private async loadIfPossible(version: ModelVersion): Promise<LoadedModel | undefined> {
    const key = keyOf(version);
    try {
      const model = await this.load(version);
      this.told.delete(key);
      return model;
    } catch (error) {
      const { message } = error as Error;
      if (this.told.get(key) === message) return undefined;
      this.told.set(key, message);
      this.log.error({ model: version.name, version: version.version, err: error }, "a version cannot be served");
      return undefined;
    }
  }

  private fetch({ objectKey }: ModelVersion): Promise<Buffer> {
    return this.objectStore.need(async (client) => {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of await client.getObject(this.objectStore.bucket, objectKey)) {
        size += (chunk as Buffer).length;
        if (size > maxWeights) throw new NotServable(`the weights are larger than ${maxWeights} bytes`);
        chunks.push(chunk as Buffer);
      }
      return Buffer.concat(chunks);
    });
  }
}
