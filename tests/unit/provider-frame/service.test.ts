import { Server, ServerCredentials, credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine } from "../../../provider/frame/engine";
import { fromStruct, toStruct } from "../../../provider/frame/marshal";
import { service } from "../../../provider/frame/service";
import { PartialFailure } from "../../../provider/frame/types";
import type { Values } from "../../../provider/frame/types";
import { fullInputs, fullState, sampleProvider, urn } from "./samples";

const provider = sampleProvider({
  deleteBeforeReplace: true,
  create: async (inputs) => {
    if (inputs["mode"] === "ill") throw new PartialFailure({ id: "id-1", state: inputs }, ["not healthy"]);
    if (inputs["mode"] === "broken") throw new Error("no server");
    return { id: "id-1", state: inputs };
  },
});
const server = new Server();
let client: ResourceProviderClient;

beforeAll(async () => {
  server.addService(ResourceProviderService, service(provider, new Engine("")));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterAll(() => {
  client.close();
  server.forceShutdown();
});

/** A unary call as a promise. */
function call<Response>(start: (done: (error: ServiceError | null, response?: Response) => void) => void) {
  return new Promise<Response>((resolve, reject) =>
    start((error, response) => (error ? reject(error) : resolve(response!))),
  );
}

function create(inputs: Values) {
  const request = new proto.CreateRequest();
  request.setUrn(urn);
  request.setProperties(toStruct(inputs));
  return call<proto.CreateResponse>((done) => client.create(request, done));
}

describe("the gRPC service", () => {
  it("says what it understands", async () => {
    const request = new proto.ProviderHandshakeRequest();
    const response = await call<proto.ProviderHandshakeResponse>((done) => client.handshake(request, done));
    expect(response.toObject()).toMatchObject({ acceptSecrets: true, acceptResources: true, acceptOutputs: true });
  });

  it("gives a schema with every property", async () => {
    const request = new proto.GetSchemaRequest();
    const response = await call<proto.GetSchemaResponse>((done) => client.getSchema(request, done));
    const schema = JSON.parse(response.getSchema()) as {
      name: string;
      resources: Record<string, { properties: object }>;
    };
    const type = provider.resources["sample:index:Thing"]!;
    expect(schema.name).toBe("sample");
    expect(Object.keys(schema.resources["sample:index:Thing"]!.properties)).toEqual(Object.keys(type.properties));
  });

  it("reads configuration that arrives as JSON text", async () => {
    const request = new proto.CheckRequest();
    request.setNews(toStruct({ port: "5432", password: "p", version: "1.0.0" }));
    const good = await call<proto.CheckResponse>((done) => client.checkConfig(request, done));
    expect(good.getFailuresList()).toEqual([]);
    request.setNews(toStruct({ port: "many", bogus: "1" }));
    const bad = await call<proto.CheckResponse>((done) => client.checkConfig(request, done));
    expect(bad.getFailuresList().map((failure) => failure.getReason())).toHaveLength(2);
  });

  it("says a refused property in the reason only, for the engine prints the value of one that it is told", async () => {
    const request = new proto.CheckRequest();
    request.setUrn(urn);
    request.setNews(toStruct({ name: "a", password: 5 }));
    const response = await call<proto.CheckResponse>((done) => client.check(request, done));
    expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
      { property: "", reason: "password: must be of type string, not number" },
    ]);
  });

  it("details a diff", async () => {
    const request = new proto.DiffRequest();
    request.setUrn(urn);
    request.setId("id-1");
    request.setOlds(toStruct(fullState));
    request.setOldInputs(toStruct(fullInputs));
    request.setNews(toStruct({ ...fullInputs, name: "b", labels: { team: "web" } }));
    const response = await call<proto.DiffResponse>((done) => client.diff(request, done));
    expect(response.getChanges()).toBe(proto.DiffResponse.DiffChanges.DIFF_SOME);
    expect(response.getReplacesList()).toEqual(["name"]);
    expect(response.getDiffsList()).toEqual(["name", "labels"]);
    expect(response.getDeletebeforereplace()).toBe(true);
    const kinds = [...response.getDetaileddiffMap().entries()].map(([path, diff]) => [path, diff.getKind()]);
    const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
    expect(Object.fromEntries(kinds)).toEqual({ name: UPDATE_REPLACE, "labels.team": UPDATE });
  });

  it("passes a handler's error on as it is", async () => {
    await expect(create({ name: "a", mode: "broken" })).rejects.toMatchObject({ details: "no server" });
  });

  it("sends what a half success has made", async () => {
    const error = (await create({ ...fullInputs, mode: "ill" }).catch((reason: unknown) => reason)) as ServiceError;
    const status = Status.deserializeBinary(error.metadata.get("grpc-status-details-bin")[0] as Buffer);
    const [detail] = status.getDetailsList();
    expect(detail!.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
    const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail!.getValue_asU8());
    expect(failed.getId()).toBe("id-1");
    expect(failed.getReasonsList()).toEqual(["not healthy"]);
    expect(fromStruct(failed.getProperties())).toEqual({
      values: { ...fullInputs, mode: "ill" },
      marks: { password: true },
    });
  });

  it("refuses functions", async () => {
    const request = new proto.InvokeRequest();
    const invoked = call((done) => client.invoke(request, done));
    await expect(invoked).rejects.toThrow("UNIMPLEMENTED");
  });
});
