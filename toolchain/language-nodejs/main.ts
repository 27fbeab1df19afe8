import { Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { version } from "@pulumi/pulumi/package.json";
import { endWithParent } from "../../provider/frame/lifetime";
import { languageHost } from "./host";
import { killPrograms } from "./program";

endWithParent(() => {
  killPrograms();
  process.exit(0);
});

const engine = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
const server = new Server();
server.addService(LanguageRuntimeService, languageHost(version, engine));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
