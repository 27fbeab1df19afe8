import { status } from "@grpc/grpc-js";
import type {
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
  handleUnaryCall,
  sendUnaryData,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as proto from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { installDependencies } from "./install";
import { dependencies, requiredPlugins } from "./packages";
import { runProgram } from "./program";

type InstallCall = ServerWritableStream<proto.InstallDependenciesRequest, proto.InstallDependenciesResponse>;

/** Refused with a reason; what is not named here at all is refused by gRPC. */
const REFUSED = {
  runPlugin: "plugins described by a PulumiPlugin.yaml; give the plugin an executable pulumi-resource-NAME",
  generateProgram: "generating programs; pass --generate-code=false to pulumi import",
  generateProject: "converting projects",
  generatePackage: "generating SDKs",
  pack: "packing SDKs",
  link: "linking local packages",
};

/** The LanguageRuntime service for Node.js programs. */
export function languageHost(version: string, engineAddress: string): UntypedServiceImplementation {
  let engine = engineAddress;
  const cancelled = new AbortController();
  return {
    ...Object.fromEntries(Object.entries(REFUSED).map(([method, what]) => [method, refusal(what)])),

    handshake: unary((request: proto.LanguageHandshakeRequest) => {
      engine = request.getEngineAddress() || engine;
      return new proto.LanguageHandshakeResponse();
    }),

    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),

    getRequiredPackages: unary((request: proto.GetRequiredPackagesRequest) => {
      const response = new proto.GetRequiredPackagesResponse();
      for (const { name, version: wanted, server } of requiredPlugins(request.getInfo()!.getProgramDirectory())) {
        const dependency = new PackageDependency();
        dependency.setName(name);
        dependency.setKind("resource");
        dependency.setVersion(wanted);
        dependency.setServer(server);
        response.addPackages(dependency);
      }
      return response;
    }),

    getProgramDependencies: unary((request: proto.GetProgramDependenciesRequest) => {
      const found = dependencies(request.getInfo()!.getProgramDirectory(), request.getTransitivedependencies());
      const response = new proto.GetProgramDependenciesResponse();
      response.setDependenciesList(
        found.map(({ name, version: installed }) => {
          const dependency = new proto.DependencyInfo();
          dependency.setName(name);
          dependency.setVersion(installed);
          return dependency;
        }),
      );
      return response;
    }),

    run: unary(async (request: proto.RunRequest, ended) => {
      const { error, bail } = await runProgram(request, engine, AbortSignal.any([cancelled.signal, ended]));
      const response = new proto.RunResponse();
      response.setError(error);
      response.setBail(bail);
      return response;
    }),

    installDependencies: (call: InstallCall) => {
      const tell = (stream: "stdout" | "stderr", chunk: Buffer): void => {
        const response = new proto.InstallDependenciesResponse();
        if (stream === "stdout") response.setStdout(chunk);
        else response.setStderr(chunk);
        call.write(response);
      };
      installDependencies(call.request.getInfo()!.getProgramDirectory(), tell).then(
        () => call.end(),
        (error: Error) => call.destroy(Object.assign(error, { code: status.UNKNOWN, details: error.message })),
      );
    },

    about: unary(() => {
      const response = new proto.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      return response;
    }),

    runtimeOptionsPrompts: unary(() => new proto.RuntimeOptionsResponse()),

    template: unary(() => new proto.TemplateResponse()),

    cancel: unary(() => {
      cancelled.abort();
      return new Empty();
    }),
  };
}

/** `ended` aborts when the engine no longer waits for the answer. */
function unary<Request, Response>(
  handler: (request: Request, ended: AbortSignal) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    const ended = new AbortController();
    call.on("cancelled", () => ended.abort());
    Promise.resolve(call.request)
      .then((request) => handler(request, ended.signal))
      .then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: status.UNKNOWN, details: error.message }),
      );
  };
}

function refusal(what: string): handleUnaryCall<unknown, unknown> {
  return (_call, callback) =>
    callback({ code: status.UNIMPLEMENTED, details: `this Node.js language host does not do: ${what}` });
}
