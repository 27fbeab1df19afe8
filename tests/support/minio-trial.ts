import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { Client } from "minio";
import type { Values } from "../../provider/frame/types";
import { provider } from "../../toolchain/plugins/minio";
import { Minio } from "../../toolchain/plugins/minio/client";
import { ProviderDriver } from "./provider-driver";
import { startMinio } from "./servers";

type TestServer = Awaited<ReturnType<typeof startMinio>>;

/** A server of its own, the hands of its administrator, and provider processes for it. */
export class MinioTrial {
  private readonly hands: Minio;

  private constructor(readonly server: TestServer) {
    this.hands = new Minio(this.config as unknown as ConstructorParameters<typeof Minio>[0]);
  }

  static async start(): Promise<MinioTrial> {
    return new MinioTrial(await startMinio());
  }

  byHand<T>(work: Parameters<typeof this.hands.run<T>>[1]): Promise<T> {
    return this.hands.run(new AbortController().signal, work);
  }

  /** A provider process of its own, as each `pulumi up` has one. */
  async newDriver(config: Values = {}): Promise<ProviderDriver<unknown>> {
    const driver = new ProviderDriver<Minio>(provider);
    await driver.configure({ ...this.config, ...config });
    return driver;
  }

  /** As an application would. */
  s3As(accessKey: string, secretKey: string): Client {
    const { host: endPoint, port, caFile } = this.server;
    const transportAgent = new Agent({ ca: readFileSync(caFile) });
    return new Client({ endPoint, port, useSSL: true, accessKey, secretKey, region: "us-east-1", transportAgent });
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private get config(): Values {
    const { host, port, user, password, caFile } = this.server;
    const access = { minioServer: `${host}:${port}`, minioUser: user, minioPassword: password };
    return { ...access, minioRegion: "us-east-1", minioSsl: true, minioCacertFile: caFile };
  }
}
