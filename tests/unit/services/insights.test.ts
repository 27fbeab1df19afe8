import { expect, it } from "vitest";
import { advise, type Inputs } from "../../../services/content-bridge/insights/rules";
import { warningsOf } from "../../../services/content-bridge/insights/warnings";

const begun = { topic: "elk-calls", lessons: 2, completed: 1, next: "Bugles" };
const whole: Inputs = {
  day: "2026-11-01",
  objectives: { "elk-calls": 1 },
  context: { weather: { wind_m_s: 3 } },
  progress: [begun],
};

it.each<[string, Partial<Inputs>, string[]]>([
  ["nothing", {}, []],
  ["objectives", { objectives: {} }, ["no-objectives"]],
  ["context", { context: {} }, ["no-context"]],
  ["lessons", { progress: [] }, ["no-lessons"]],
  ["progress in every topic", { progress: [{ ...begun, completed: 0 }, { ...begun, completed: 0 }] }, ["no-progress"]],
  ["progress in one topic of two", { progress: [{ ...begun, completed: 0 }, begun] }, []],
  ["everything", { objectives: {}, context: {}, progress: [] }, ["no-objectives", "no-context", "no-lessons"]],
])("advice without %s says so, the same each time", (_what, lacking, codes) => {
  const inputs = { ...whole, ...lacking };
  const warnings = warningsOf(inputs);
  expect(warnings.map(({ code }) => code)).toEqual(codes);
  expect(warnings.filter(({ message }) => message.length === 0)).toEqual([]);
  expect(warningsOf(structuredClone(inputs))).toEqual(warnings);
});

it("what is lacking changes what is warned of, and no advice that there was before", () => {
  expect(advise({ ...whole, objectives: {}, context: {} })).toEqual([
    { kind: "lesson", topic: "elk-calls", title: "Bugles", reason: "1 of 2 lessons completed", score: 0.375 },
  ]);
});
