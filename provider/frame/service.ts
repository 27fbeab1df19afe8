import type { ServerUnaryCall, UntypedServiceImplementation, sendUnaryData } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { checkConfig } from "./config";
import { diff } from "./diff";
import type { Engine } from "./engine";
import { toServiceError } from "./errors";
import { fromStruct, toStruct } from "./marshal";
import { Operations } from "./operations";
import { schemaOf } from "./schema";
import type { Change, Failure, Provider } from "./types";

/** The ResourceProvider service: protobuf in, `Operations`, protobuf out. What is not here is refused by gRPC. */
export function service<Client>(provider: Provider<Client>, engine: Engine): UntypedServiceImplementation {
  const operations = new Operations(provider, engine);
  return {
    handshake: unary((request: proto.ProviderHandshakeRequest) => {
      engine.attach(request.getEngineAddress());
      const response = new proto.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(true);
      response.setAcceptOutputs(true);
      return response;
    }),

    attach: unary((request: PluginAttach) => {
      engine.attach(request.getAddress());
      return new Empty();
    }),

    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),

    getSchema: unary(() => {
      const response = new proto.GetSchemaResponse();
      response.setSchema(schemaOf(provider));
      return response;
    }),

    cancel: unary(() => {
      operations.cancel();
      return new Empty();
    }),

    checkConfig: unary((request: proto.CheckRequest) => {
      const { failures } = checkConfig(provider.configuration, fromStruct(request.getNews()).values);
      const response = new proto.CheckResponse();
      // As they came: defaults belong to this version of the provider, not into the state.
      response.setInputs(request.getNews());
      response.setFailuresList(failures.map(failureOf));
      return response;
    }),

    diffConfig: unary((request: proto.DiffRequest) => {
      const { configuration } = provider;
      const [olds, news, oldInputs] = [request.getOlds(), request.getNews(), request.getOldInputs()].map(
        (struct) => checkConfig(configuration, fromStruct(struct).values).inputs,
      );
      return diffOf(diff(configuration, olds!, news!, oldInputs!), false);
    }),

    configure: unary(async (request: proto.ConfigureRequest) => {
      await operations.configure(fromStruct(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setAcceptoutputs(true);
      response.setSupportspreview(true);
      return response;
    }),

    check: unary(async (request: proto.CheckRequest) => {
      const { inputs, failures } = await operations.check(subject(request), fromStruct(request.getNews()));
      const response = new proto.CheckResponse();
      response.setInputs(toStruct(inputs.values, inputs.marks));
      response.setFailuresList(failures.map(failureOf));
      return response;
    }),

    diff: unary(async (request: proto.DiffRequest) => {
      const old = { id: request.getId(), state: fromStruct(request.getOlds()) };
      const news = fromStruct(request.getNews());
      const oldInputs = fromStruct(request.getOldInputs());
      const ignored = request.getIgnorechangesList();
      const { changes, deleteBeforeReplace } = await operations.diff(subject(request), old, news, oldInputs, ignored);
      return diffOf(changes, deleteBeforeReplace);
    }),

    create: unary(async (request: proto.CreateRequest) => {
      const { id, state } = await operations.create(writeSubject(request), fromStruct(request.getProperties()));
      const response = new proto.CreateResponse();
      response.setId(id);
      response.setProperties(toStruct(state.values, state.marks));
      return response;
    }),

    update: unary(async (request: proto.UpdateRequest) => {
      const old = { id: request.getId(), state: fromStruct(request.getOlds()) };
      const { state } = await operations.update(writeSubject(request), old, fromStruct(request.getNews()));
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(state.values, state.marks));
      return response;
    }),

    read: unary(async (request: proto.ReadRequest) => {
      const old = { id: request.getId(), state: fromStruct(request.getProperties()) };
      const oldInputs = request.hasInputs() ? fromStruct(request.getInputs()) : undefined;
      const found = await operations.read(subject(request), old, oldInputs);
      const response = new proto.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setProperties(toStruct(found.state.values, found.state.marks));
      response.setInputs(toStruct(found.inputs.values, found.inputs.marks));
      return response;
    }),

    delete: unary(async (request: proto.DeleteRequest) => {
      const old = { id: request.getId(), state: fromStruct(request.getProperties()) };
      await operations.delete({ urn: request.getUrn(), timeout: request.getTimeout() }, old);
      return new Empty();
    }),
  };
}

function unary<Request, Response>(handler: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(handler)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

function subject(request: { getUrn(): string }): { urn: string } {
  return { urn: request.getUrn() };
}

function writeSubject(request: proto.CreateRequest | proto.UpdateRequest) {
  return { urn: request.getUrn(), preview: request.getPreview(), timeout: request.getTimeout() };
}

/**
 * Says the property in the reason: with a name in its own field, the engine prints the property's value too, be it
 * secret or not, and nothing at all for a nested path.
 */
function failureOf({ property, reason }: Failure): proto.CheckFailure {
  const failure = new proto.CheckFailure();
  failure.setReason(property === "" ? reason : `${property}: ${reason}`);
  return failure;
}

const KINDS = {
  add: [proto.PropertyDiff.Kind.ADD, proto.PropertyDiff.Kind.ADD_REPLACE],
  update: [proto.PropertyDiff.Kind.UPDATE, proto.PropertyDiff.Kind.UPDATE_REPLACE],
  delete: [proto.PropertyDiff.Kind.DELETE, proto.PropertyDiff.Kind.DELETE_REPLACE],
} as const;

function diffOf(changes: Change[], deleteBeforeReplace: boolean): proto.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse();
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setDiffsList([...new Set(changes.map(topLevel))]);
  response.setReplacesList([...new Set(changes.filter((change) => change.replace).map(topLevel))]);
  for (const { path, kind, replace } of changes) {
    const detail = new proto.PropertyDiff();
    detail.setKind(KINDS[kind][replace ? 1 : 0]);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function topLevel({ path }: Change): string {
  return path.split(/[.[]/, 1)[0]!;
}
