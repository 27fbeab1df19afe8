import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { ContainerKind } from "../../../catalog/containers";
import type { StorageUser } from "../../../catalog/buckets";
import { project } from "../../../toolchain/bootstrap/places";
import { Minio } from "../../../toolchain/plugins/minio/client";
import type { StackClients } from "../../support/stack-clients";
import { docker, exec } from "../../support/stack-containers";

/** A person with every right, who works on a stack past the program. */
export class Hands {
  private readonly minio: Minio;
  private readonly authorityFile: string;

  constructor(private readonly clients: StackClients) {
    const { username, password } = clients.credential("minio.root");
    const { host, port } = clients.endpoint("minio");
    this.authorityFile = resolve(project, clients.outputs.certificateAuthority.file);
    this.minio = new Minio({
      minioServer: `${host}:${port}`,
      minioUser: username,
      minioPassword: password,
      minioRegion: "us-east-1",
      minioSsl: true,
      minioCacertFile: this.authorityFile,
    });
  }

  /** Runs SQL as the database's superuser. */
  sql(statements: string): Promise<unknown> {
    return this.clients.asRole("hma_admin", (client) => client.query(statements));
  }

  /** What ALTER SYSTEM writes, which the server refuses to write itself. */
  async alterSystem(setting: string): Promise<void> {
    const append = `echo "${setting}" >> "$(psql -U hma_admin -d huntmaster -Atc 'SHOW data_directory')/postgresql.auto.conf"`;
    const { code, output } = await exec(this.nameOf("postgres"), ["sh", "-c", append]);
    if (code !== 0) throw new Error(output);
    await this.sql("SELECT pg_reload_conf()");
  }

  /** Works on the object storage as its administrator. */
  storage(work: Parameters<Minio["run"]>[1]): Promise<unknown> {
    return this.minio.run(AbortSignal.timeout(30_000), work);
  }

  /** With all that is in it: every version of every object. */
  removeBucket(bucket: string): Promise<unknown> {
    return this.storage(async ({ s3 }) => {
      const versions = [];
      for await (const version of s3.listObjects(bucket, "", true, { IncludeVersion: true })) versions.push(version);
      if (versions.length > 0) await s3.removeObjects(bucket, versions);
      await s3.removeBucket(bucket);
    });
  }

  keepVersions(bucket: string, days: number): Promise<unknown> {
    const rule = { ID: "expire-noncurrent-versions", Status: "Enabled", Filter: { Prefix: "" } };
    const NoncurrentVersionExpiration = { NoncurrentDays: days };
    const rules = { Rule: [{ ...rule, NoncurrentVersionExpiration }] };
    return this.storage(({ s3 }) => s3.setBucketLifecycle(bucket, rules));
  }

  widenPolicy(name: string): Promise<unknown> {
    const statement = { Effect: "Allow", Action: ["s3:*"], Resource: ["arn:aws:s3:::*"] };
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    return this.storage(({ admin }) => admin.setPolicy(name, document));
  }

  disableUser(user: StorageUser): Promise<unknown> {
    const { password } = this.clients.credential(`minio.${user}`);
    return this.storage(({ admin }) => admin.setUser(user, password, "disabled"));
  }

  removeAuthorityFile(): Promise<void> {
    return rm(this.authorityFile);
  }

  /** @param suffix of another container that goes with it */
  container(kind: ContainerKind, suffix = "") {
    return docker.getContainer(this.nameOf(kind) + suffix);
  }

  async disconnect(kind: ContainerKind): Promise<void> {
    const container = this.container(kind);
    const { Id, NetworkSettings } = await container.inspect();
    for (const network of Object.keys(NetworkSettings.Networks)) {
      await docker.getNetwork(network).disconnect({ Container: Id });
    }
  }

  /** Makes a container again, as it is but for its ports: Docker cannot change those of one that is there. */
  async publishElsewhere(kind: ContainerKind): Promise<void> {
    const { Config, HostConfig, NetworkSettings } = await this.container(kind).inspect();
    const bindings = Object.keys(HostConfig.PortBindings as object);
    await this.container(kind).remove({ force: true });
    const again = await docker.createContainer({
      ...Config,
      name: this.nameOf(kind),
      HostConfig: {
        ...HostConfig,
        PortBindings: Object.fromEntries(bindings.map((port) => [port, [{ HostIp: "127.0.0.1", HostPort: "" }]])),
      },
      NetworkingConfig: { EndpointsConfig: NetworkSettings.Networks },
    });
    await again.start();
  }

  private nameOf(kind: ContainerKind): string {
    const name = this.clients.outputs.containers[kind];
    if (!name) throw new Error(`the stack runs no ${kind}`);
    return name;
  }
}
