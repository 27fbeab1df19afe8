/** What an answer was that may not be. */
export interface Failure {
  check: string;
  operation: string;
  message: string;
  status: number | undefined;
  request: string;
  answer: string;
}

export interface ContractReport {
  requests: number;
  /** Answers of an operation by their status: `POST /auth/login` -> `{ 401: 3 }`. */
  answers: Record<string, Record<string, number>>;
  failures: Failure[];
  /** What it printed. */
  output: string;
}

type Bytes = string | { $base64: string };

/** As much of schemathesis' events as is read here. */
interface Event {
  ScenarioFinished?: { recorder: Recorder };
  NonFatalError?: { label: string; value: unknown };
  EngineFinished?: object;
}

interface Recorder {
  label: string;
  interactions?: Record<string, Interaction>;
  checks?: Record<string, { name: string; status: string; failure_info?: { failure: { message: string } } }[]>;
}

interface Interaction {
  request: { method: string; uri: string; body?: Bytes };
  response?: { status_code: number; content?: Bytes };
}

/**
 * Reads what schemathesis has recorded, an event a line.
 *
 * @throws Error where it did not come to its end
 */
export function readReport(lines: string, output: string): ContractReport {
  const events = lines.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Event);
  if (!events.some((event) => event.EngineFinished)) throw new Error(`schemathesis did not finish:\n${output}`);
  const report: ContractReport = { requests: 0, answers: {}, failures: [], output };
  for (const { ScenarioFinished, NonFatalError } of events) {
    if (ScenarioFinished) add(report, ScenarioFinished.recorder);
    if (!NonFatalError) continue;
    const { label: operation, value } = NonFatalError;
    report.failures.push({ check: "error", operation, message: JSON.stringify(value), ...nothing });
  }
  return report;
}

const nothing = { status: undefined, request: "", answer: "" };

function add(report: ContractReport, { label: operation, interactions = {}, checks = {} }: Recorder): void {
  const answers = (report.answers[operation] ??= {});
  for (const [id, interaction] of Object.entries(interactions)) {
    const seen = view(interaction);
    report.requests += 1;
    answers[String(seen.status)] = (answers[String(seen.status)] ?? 0) + 1;
    for (const { name: check, status, failure_info } of checks[id] ?? []) {
      if (status === "success") continue;
      report.failures.push({ check, operation, message: failure_info?.failure.message ?? status, ...seen });
    }
    // 400 is for what cannot be read: decision 18.
    if (seen.status === 400 && isJson(textOf(interaction.request.body))) {
      report.failures.push({ check: "what can be read is no 400", operation, message: "", ...seen });
    }
  }
}

function view({ request: { method, uri, body }, response }: Interaction) {
  const request = `${method} ${uri} ${textOf(body)}`;
  return { status: response?.status_code, request, answer: textOf(response?.content) };
}

function textOf(bytes: Bytes | undefined): string {
  if (bytes === undefined || typeof bytes === "string") return bytes ?? "";
  return Buffer.from(bytes.$base64, "base64").toString("utf8");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // which is what was asked
  }
}
