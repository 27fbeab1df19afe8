import { STATUS_CODES } from "node:http";
import { Type, type Static } from "typebox";

/** One field of a request that is wrong. */
const FieldError = Type.Object({
  pointer: Type.String({ description: "JSON pointer to the field: /body/email, /querystring/limit" }),
  detail: Type.String({ description: "What is wrong with it" }),
});

/** The body of every error: RFC 9457, `application/problem+json`. */
export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: "Kind of problem, for programs: about:blank or urn:hma:problem:<kind>" }),
    title: Type.String({ description: "The same for people; always the same for one type" }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String({ description: "What went wrong this time" })),
    instance: Type.String({ description: "Path of the request" }),
    request_id: Type.String({ description: "Finds the request in the logs" }),
    errors: Type.Optional(Type.Array(FieldError)),
  },
  { $id: "Problem" },
);
export type ProblemBody = Static<typeof ProblemBody>;

export const problemMediaType = "application/problem+json";

/** These statuses in the `response` of a route's schema. Those that any route can have are added by the server. */
export const problems = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: STATUS_CODES[status] ?? "Error",
        content: { [problemMediaType]: { schema: Type.Ref("Problem#") } },
      },
    ]),
  );

interface ProblemOptions {
  /** What went wrong this time, for the caller. */
  detail?: string;
  errors?: Static<typeof FieldError>[];
  /** Seconds until another try makes sense. */
  retryAfter?: number;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An error that the caller is told of. Everything else that is thrown is a bug, and a 500 that tells nothing. */
export class Problem extends Error {
  readonly detail: string | undefined;
  readonly errors: Static<typeof FieldError>[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status HTTP status, from 400
   * @param kind word for programs, such as `under-age`; without one the status says it all
   */
  constructor(
    readonly status: number,
    readonly kind?: string,
    { detail, errors, retryAfter, headers, cause }: ProblemOptions = {},
  ) {
    super(detail ?? kind ?? STATUS_CODES[status], { cause });
    this.detail = detail;
    this.errors = errors;
    this.headers = { ...headers, ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }) };
  }

  body(instance: string, requestId: string): ProblemBody {
    return {
      type: this.kind ? `urn:hma:problem:${this.kind}` : "about:blank",
      title: this.kind ? sentence(this.kind) : (STATUS_CODES[this.status] ?? "Error"),
      status: this.status,
      ...(this.detail !== undefined && { detail: this.detail }),
      instance,
      request_id: requestId,
      ...(this.errors && { errors: this.errors }),
    };
  }
}

/** What cannot be done while a store is away. */
export const unavailable = (store: string, cause?: unknown) =>
  new Problem(503, "unavailable", { detail: `${store} does not answer`, retryAfter: 5, cause });

const sentence = (kind: string) => kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll("-", " ");
