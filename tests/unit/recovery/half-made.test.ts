import { describe, expect, it } from "vitest";
import type { Deployment, PendingOperation } from "../../../toolchain/bootstrap/checkpoint";
import { mendingOf, planMending } from "../../../toolchain/recovery/half-made";

const urn = (type: string, name: string) => `urn:pulumi:dev::hma-infra::${type}::${name}`;

const creating = (type: string, inputs: Record<string, unknown>): PendingOperation => ({
  type: "creating",
  resource: { urn: urn(type, "it"), type, inputs },
});

const role = "postgresql:index/role:Role";

describe("a resource whose creation was interrupted", () => {
  it.each([
    ["docker:index/container:Container", { name: "hma_redis" }, { kind: "remove", object: "container", name: "hma_redis" }],
    ["docker:index/network:Network", { name: "hma_network" }, { kind: "remove", object: "network", name: "hma_network" }],
    ["docker:index/volume:Volume", { name: "hma_postgres_data" }, { kind: "forget" }],
    ["docker:index/remoteImage:RemoteImage", { name: "hma/redis:1" }, { kind: "forget" }],
    [role, { name: "hma_app" }, { kind: "adopt", id: "hma_app" }],
    ["postgresql:index/database:Database", { name: "huntmaster" }, { kind: "adopt", id: "huntmaster" }],
    ["postgresql:index/grant:Grant", {}, { kind: "forget" }],
    ["minio:index/s3Bucket:S3Bucket", { bucket: "media" }, { kind: "adopt", id: "media" }],
    ["random:index/randomPassword:RandomPassword", {}, { kind: "forget" }],
  ])("%s", (type, inputs, mending) => {
    expect(mendingOf(creating(type, inputs))).toEqual(mending);
  });

  it("is otherwise left to the refresh when it was updated or deleted", () => {
    for (const type of ["updating", "deleting"] as const) {
      expect(mendingOf({ ...creating(role, { name: "hma_app" }), type })).toEqual({ kind: "forget" });
    }
  });
});

describe("the state after an interruption", () => {
  const network = { urn: urn("docker:index/network:Network", "host"), type: "docker:index/network:Network", id: "n1" };
  const container = creating("docker:index/container:Container", { name: "hma_redis" });
  const interrupted: Deployment & { manifest: string } = {
    manifest: "kept",
    resources: [network],
    pending_operations: [container, creating(role, { name: "hma_app", password: "[ciphertext]" })],
  };

  it("has no pending operations, and the adopted resources last, as they were to be made", () => {
    const { deployment, removals, adopted } = planMending(interrupted);
    expect(deployment).toEqual({
      manifest: "kept",
      resources: [
        network,
        { urn: urn(role, "it"), type: role, id: "hma_app", inputs: { name: "hma_app", password: "[ciphertext]" } },
      ],
      pending_operations: [],
    });
    expect(removals).toEqual([{ kind: "remove", object: "container", name: "hma_redis" }]);
    expect(adopted.map(({ id }) => id)).toEqual(["hma_app"]);
  });

  it("takes no resource in twice", () => {
    const known = { urn: urn(role, "it"), type: role, id: "hma_app" };
    const { deployment, adopted } = planMending({ ...interrupted, resources: [network, known] });
    expect(deployment.resources).toEqual([network, known]);
    expect(adopted).toEqual([]);
  });

  it("may hold no resources at all", () => {
    expect(planMending({}).deployment).toEqual({ resources: [], pending_operations: [] });
  });
});
