import { Metadata, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { toStruct } from "./marshal";
import type { Marks } from "./secrets";
import type { Values } from "./types";

/** The resource exists but is not in order; carries what the engine keeps in its state. */
export class InitialisationFailed extends Error {
  constructor(
    readonly id: string,
    readonly state: { values: Values; marks: Marks | undefined },
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

/** What an error says, with what caused it; connection errors keep their message in their parts. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts = error instanceof AggregateError ? [...new Set(error.errors.map(describe))] : [];
  const message = error.message || parts.join("; ") || (error as { code?: string }).code || error.name;
  return error.cause instanceof Error ? `${message}: ${describe(error.cause)}` : message;
}

/** In gRPC's terms. The code says that the resource's state is known: handlers leave nothing half done. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const details = describe(error);
  if (!(error instanceof InitialisationFailed)) return { code: status.FAILED_PRECONDITION, details };
  const failed = new ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(toStruct(error.state.values, error.state.marks));
  failed.setReasonsList(error.reasons);
  const any = new Any();
  any.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rich = new Status();
  rich.setCode(status.FAILED_PRECONDITION);
  rich.setMessage(details);
  rich.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  return { code: status.FAILED_PRECONDITION, details, metadata };
}
