import { Calls } from "./calls";
import type { Subject } from "./calls";
import { check } from "./check";
import { checkConfig } from "./config";
import { diff } from "./diff";
import type { Engine } from "./engine";
import { describe } from "./errors";
import type { Unwrapped } from "./marshal";
import { isIgnored, upToSecret } from "./paths";
import { declared, project, redact, secretStrings, union } from "./secrets";
import type { Marks } from "./secrets";
import { importedInputs, plannedState, refreshedInputs, withBookkeeping, withKeptInputs } from "./state";
import type { Change, Failure, Provider, Resource, ResourceType, Values } from "./types";

/** A resource with its secrets marked. */
export interface Existing {
  id: string;
  state: Unwrapped;
}

/** The life of resources in plain values: everything that the gRPC service does, without gRPC. */
export class Operations<Client> {
  private readonly calls: Calls<Client>;

  constructor(
    private readonly provider: Provider<Client>,
    engine: Engine,
  ) {
    this.calls = new Calls(engine);
  }

  cancel(): void {
    this.calls.cancel();
  }

  async configure(config: Unwrapped): Promise<void> {
    const { configuration, name } = this.provider;
    const { inputs, failures } = checkConfig(configuration, config.values);
    const secrets = secretStrings(union(config.marks, declared(configuration, inputs)), config.values);
    if (failures.length > 0) throw new Error(`configuration of provider ${name}: ${listed(failures)}`);
    try {
      this.calls.configured(await this.provider.configure(inputs), secrets);
    } catch (error) {
      throw new Error(redact(`configuration of provider ${name}: ${describe(error)}`, secrets));
    }
  }

  async check(subject: Subject, news: Unwrapped): Promise<{ inputs: Unwrapped; failures: Failure[] }> {
    const type = this.typeOf(subject.urn);
    const { inputs: values, failures } = check(type.properties, news.values);
    const inputs = marked(type, values, news.marks);
    // A handler relies on the declared shapes, so it is asked only about inputs that have them.
    if (failures.length === 0 && type.check) {
      const asked = { ...subject, preview: true };
      const secrets = secretsOf(type, inputs);
      const found = await this.calls.run(asked, secrets, async (context) => type.check!(values, context));
      failures.push(...found.map((failure) => ({ ...failure, reason: redact(failure.reason, secrets) })));
    }
    return { inputs, failures };
  }

  async diff(
    subject: Subject,
    old: Existing,
    news: Unwrapped,
    oldInputs: Unwrapped,
    ignored: string[],
  ): Promise<{ changes: Change[]; deleteBeforeReplace: boolean }> {
    const type = this.typeOf(subject.urn);
    const changes = diff(type.properties, old.state.values, news.values, oldInputs.values);
    if (type.diff && !changes.some((change) => change.replace)) {
      const asked = { ...subject, preview: true };
      const resource = { id: old.id, state: old.state.values };
      const secrets = [...secretsOf(type, old.state), ...secretsOf(type, news)];
      const found = await this.calls.run(asked, secrets, async (context) => type.diff!(resource, news.values, context));
      changes.push(...found);
    }
    const marks = union(old.state.marks, news.marks, marked(type, news.values).marks);
    const reported = new Map<string, Change>();
    for (const found of changes.filter(({ path }) => !isIgnored(path, ignored))) {
      const change = upToSecret(found, marks);
      // A type that cannot update is replaced by any change.
      const replace = change.replace || reported.get(change.path)?.replace || !type.update;
      reported.set(change.path, { ...change, replace });
    }
    return { changes: [...reported.values()], deleteBeforeReplace: type.deleteBeforeReplace ?? false };
  }

  async create(subject: Subject, news: Unwrapped): Promise<Existing> {
    const type = this.typeOf(subject.urn);
    const finish = (resource: Resource): Existing => stored(type, resource, news);
    return this.calls.write(subject, secretsOf(type, news), finish, async (context) => {
      if (!subject.preview) return type.create(news.values, context);
      const planned = await type.previewState?.(news.values, undefined, context);
      return { id: "", state: planned ?? plannedState(type.properties, news.values, undefined) };
    });
  }

  async update(subject: Subject, old: Existing, news: Unwrapped): Promise<Existing> {
    const type = this.typeOf(subject.urn);
    const before: Resource = { id: old.id, state: old.state.values };
    const inputs = withKeptInputs(type.properties, before.state, news.values);
    const marks = union(news.marks, project(old.state.marks, withKeptInputs(type.properties, before.state, {})));
    const wanted: Unwrapped = { values: inputs, marks };
    const secrets = [...secretsOf(type, old.state), ...secretsOf(type, wanted)];
    const finish = (resource: Resource): Existing => stored(type, resource, wanted, before.state);
    return this.calls.write(subject, secrets, finish, async (context) => {
      if (!subject.preview) {
        if (type.update) return type.update(before, inputs, context);
        throw new Error(`cannot be mended in place; replace it: pulumi up --replace '${subject.urn}'`);
      }
      const planned = await type.previewState?.(inputs, before, context);
      return { id: old.id, state: planned ?? plannedState(type.properties, inputs, before.state) };
    });
  }

  /** `oldInputs` is absent on import. */
  async read(
    subject: Subject,
    old: Existing,
    oldInputs: Unwrapped | undefined,
  ): Promise<(Existing & { inputs: Unwrapped }) | undefined> {
    const type = this.typeOf(subject.urn);
    const secrets = [...secretsOf(type, old.state), ...(oldInputs ? secretsOf(type, oldInputs) : [])];
    const found = await this.calls.run(subject, secrets, (context) => type.read(old.id, old.state.values, context));
    if (!found) return undefined;
    const kept = withKeptInputs(type.properties, old.state.values, found.state);
    const state = withBookkeeping(old.state.values, kept);
    const values = oldInputs
      ? refreshedInputs(type.properties, oldInputs.values, state)
      : importedInputs(type.properties, state);
    return {
      id: found.id,
      state: marked(type, state, old.state.marks, oldInputs?.marks),
      inputs: marked(type, values, oldInputs?.marks),
    };
  }

  async delete(subject: Subject, old: Existing): Promise<void> {
    const type = this.typeOf(subject.urn);
    const resource: Resource = { id: old.id, state: old.state.values };
    await this.calls.run(subject, secretsOf(type, old.state), (context) => type.delete(resource, context));
  }

  private typeOf(urn: string): ResourceType<Client> {
    const token = urn.split("::")[2]?.split("$").pop() ?? "";
    const type = this.provider.resources[token];
    if (type) return type;
    const known = Object.keys(this.provider.resources).join(", ") || "none";
    throw new Error(`provider ${this.provider.name} has no resource type ${token}. It has: ${known}`);
  }
}

/** A handler's resource as the engine is to keep it: what was secret in `inputs` is secret in the state. */
function stored<Client>(type: ResourceType<Client>, resource: Resource, inputs: Unwrapped, old: Values = {}): Existing {
  const values = withBookkeeping(old, withKeptInputs(type.properties, inputs.values, resource.state));
  return { id: resource.id, state: marked(type, values, inputs.marks) };
}

/** `values` with the marks that `others`, of values like them, carry over, and with those that are declared. */
function marked<Client>(type: ResourceType<Client>, values: Values, ...others: (Marks | undefined)[]): Unwrapped {
  const carried = others.map((marks) => project(marks, values));
  return { values, marks: union(...carried, declared(type.properties, values)) };
}

function secretsOf<Client>(type: ResourceType<Client>, { values, marks }: Unwrapped): string[] {
  return secretStrings(marked(type, values, marks).marks, values);
}

export function listed(failures: Failure[]): string {
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ");
}
