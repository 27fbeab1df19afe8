import { deepStrictEqual } from "node:assert";
import type { Engine } from "../../provider/frame/engine";
import { Operations, type Existing } from "../../provider/frame/operations";
import type { Provider, Values } from "../../provider/frame/types";

/** A resource as the engine keeps it between runs. */
export interface Kept extends Existing {
  urn: string;
}

const plain = (values: Values) => ({ values, marks: undefined });

/** Plays the engine's part for one provider. */
export class ProviderDriver<Client> {
  /** What handlers have said to the user. */
  readonly messages: string[] = [];
  private readonly operations: Operations<Client>;

  constructor(private readonly provider: Provider<Client>) {
    const log = async (_urn: string, _severity: string, message: string) => void this.messages.push(message);
    this.operations = new Operations(provider, { log, attach: () => undefined } as unknown as Engine);
  }

  configure(config: Values): Promise<void> {
    return this.operations.configure(plain(config));
  }

  cancel(): void {
    this.operations.cancel();
  }

  /** @param type e.g. `Role` */
  async failures(type: string, inputs: Values): Promise<string[]> {
    const { failures } = await this.operations.check({ urn: this.urn(type) }, plain(inputs));
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  async create(type: string, inputs: Values): Promise<Kept> {
    const urn = this.urn(type);
    return { urn, ...(await this.operations.create({ urn }, plain(await this.checked(urn, inputs)))) };
  }

  async read({ urn, ...old }: Kept): Promise<Kept | undefined> {
    const found = await this.operations.read({ urn }, old, undefined);
    return found && { urn, id: found.id, state: found.state };
  }

  /** The paths of what an update would change. */
  async changes({ urn, ...old }: Kept, inputs: Values): Promise<string[]> {
    const news = plain(await this.checked(urn, inputs));
    const { changes } = await this.operations.diff({ urn }, old, news, news, []);
    return changes.map(({ path, replace }) => (replace ? `${path} (replace)` : path));
  }

  async update({ urn, ...old }: Kept, inputs: Values): Promise<Kept> {
    return { urn, ...(await this.operations.update({ urn }, old, plain(await this.checked(urn, inputs)))) };
  }

  async delete({ urn, ...old }: Kept): Promise<void> {
    await this.operations.delete({ urn }, old);
  }

  /** The paths that a refresh finds after `drift`. Fails if it finds any before, or after an update has mended them. */
  async found(kept: Kept, inputs: Values, drift: () => Promise<unknown>): Promise<string[]> {
    await this.expectUnchanged(kept, inputs);
    await drift();
    const drifted = await this.read(kept);
    if (!drifted) throw new Error(`${kept.id} is gone`);
    const changes = await this.changes(drifted, inputs);
    await this.expectUnchanged(await this.update(drifted, inputs), inputs);
    return changes;
  }

  private async expectUnchanged(kept: Kept, inputs: Values): Promise<void> {
    deepStrictEqual(await this.read(kept), kept);
    deepStrictEqual(await this.changes(kept, inputs), []);
  }

  private async checked(urn: string, inputs: Values): Promise<Values> {
    const { inputs: checked, failures } = await this.operations.check({ urn }, plain(inputs));
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return checked.values;
  }

  private urn(type: string): string {
    const token = Object.keys(this.provider.resources).find((known) => known.endsWith(`:${type}`)) ?? type;
    return `urn:pulumi:test::test::${token}::${type}`;
  }
}
