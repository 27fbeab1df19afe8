import { Ajv, type Options } from "ajv";
import formats from "ajv-formats";
import type { FastifySchemaCompiler, FastifySchemaValidationError } from "fastify";
import type { TSchema } from "typebox";
import { Problem } from "./problem";
import { Json } from "./storable";

const common: Options = { allErrors: true, strict: "log", removeAdditional: false, useDefaults: true };

/** Bodies are taken as they are; what comes as text, in a query, a path or a header, is read as the schema says. */
const bodies = formats.default(new Ajv({ ...common, coerceTypes: false, schemas: [Json] }));
const texts = formats.default(new Ajv({ ...common, coerceTypes: "array" }));

export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  (httpPart === "body" ? bodies : texts).compile(schema);

/** 422, with every field that is wrong. */
export function invalid(failures: readonly FastifySchemaValidationError[], part = "body"): Problem {
  const errors = failures.map(({ instancePath, message, params }) => {
    const field = params["missingProperty"] ?? params["additionalProperty"];
    const pointer = `/${part}${instancePath}${typeof field === "string" ? `/${field}` : ""}`;
    return { pointer, detail: message ?? "is not as it must be" };
  });
  return new Problem(422, "invalid-request", { detail: errors.map((e) => `${e.pointer} ${e.detail}`).join("; "), errors });
}
