import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

const SEVERITIES = { info: LogSeverity.INFO, warning: LogSeverity.WARNING, error: LogSeverity.ERROR };

/** The engine's display. Connects at the first message: most runs have none. */
export class Engine {
  private client: EngineClient | undefined;

  constructor(private address: string) {}

  attach(address: string): void {
    if (address === this.address) return;
    this.address = address;
    this.client = undefined;
  }

  /** Resolves when the engine has the message, so that none arrives after its resource is done. */
  log(urn: string, severity: keyof typeof SEVERITIES, message: string, ephemeral: boolean): Promise<void> {
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(SEVERITIES[severity]);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    this.client ??= new EngineClient(this.address, credentials.createInsecure());
    const client = this.client;
    return new Promise((resolve) => {
      client.log(request, (error) => {
        // A display that is gone must not fail the operation that it shows.
        if (error) console.error(`${urn}: ${message}`);
        resolve();
      });
    });
  }
}
