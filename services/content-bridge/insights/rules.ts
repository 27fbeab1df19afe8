/** Goes up with every change below: the same inputs and rules give the same advice. */
export const rulesVersion = "1";

/** What advice is made from; it is kept with the advice. */
export interface Inputs {
  /** The day in UTC, such as 2026-11-01. */
  day: string;
  /** How much each topic matters, from 0 to 1, by slug. */
  objectives: Record<string, number>;
  /** The latest that was told of each kind. */
  context: Record<string, Record<string, unknown>>;
  /** Of each topic with lessons: how many there are, how many are completed, and the next one. */
  progress: { topic: string; lessons: number; completed: number; next: string | null }[];
}

export interface Recommendation {
  kind: "lesson" | "conditions" | "practice";
  topic: string;
  title: string;
  /** Why, in a sentence. */
  reason: string;
  /** From 0 to 1; the best first. */
  score: number;
}

/** How much a topic matters to somebody who did not say. */
const indifferent = 0.5;
/** Metres a second from which scent and sound do not carry as they should. */
const strongWind = 8;

/** What to do next: rules alone, so that everybody can tell why, and the same again for the same inputs. */
export function advise(inputs: Inputs): Recommendation[] {
  return [...lessons(inputs), ...conditions(inputs), ...practice(inputs)].sort(
    (a, b) => b.score - a.score || a.topic.localeCompare(b.topic, "en") || a.title.localeCompare(b.title, "en"),
  );
}

const weight = ({ objectives }: Inputs, topic: string) => Math.min(1, Math.max(0, objectives[topic] ?? indifferent));

const rounded = (score: number) => Math.round(score * 1000) / 1000;

/** The next lesson of each topic: what matters and is hardly begun comes first. */
function lessons(inputs: Inputs): Recommendation[] {
  return inputs.progress.flatMap(({ topic, lessons, completed, next }) => {
    if (next === null) return [];
    const score = rounded(weight(inputs, topic) * (1 - (0.5 * completed) / lessons));
    return [{ kind: "lesson", topic, title: next, reason: `${completed} of ${lessons} lessons completed`, score }];
  });
}

function conditions({ context }: Inputs): Recommendation[] {
  const wind = context["weather"]?.["wind_m_s"];
  if (typeof wind !== "number" || wind < strongWind) return [];
  const reason = `Wind of ${wind} m/s: scent does not hold where it should`;
  return [{ kind: "conditions", topic: "wind-and-thermals", title: "Hunt sheltered slopes", reason, score: 0.9 }];
}

/** What is completed is kept up: one topic a day, in turn. */
function practice({ day, progress }: Inputs): Recommendation[] {
  const done = progress.filter(({ next }) => next === null);
  const days = Math.floor(Date.parse(day) / 86_400_000);
  const [topic] = done.length === 0 ? [] : [done[days % done.length]!.topic];
  if (!topic) return [];
  return [{ kind: "practice", topic, title: "Practise once more", reason: "All its lessons are completed", score: 0.2 }];
}
