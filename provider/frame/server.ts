import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Engine } from "./engine";
import { endWithParent } from "./lifetime";
import { service } from "./service";
import type { Provider } from "./types";

/** States can be large; the engine's own limit, in bytes. */
const MAX_MESSAGE = 400 * 1024 * 1024;

/**
 * Serves `provider` as a Pulumi plugin: prints the port on which it listens, and ends with the engine, whose
 * address is the last argument that is not a flag.
 */
export function serve<Client>(provider: Provider<Client>): void {
  endWithParent();
  const address = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE,
    "grpc.max_send_message_length": MAX_MESSAGE,
  });
  server.addService(ResourceProviderService, service(provider, new Engine(address)));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
