import { Type, type Static } from "typebox";
import type { Inputs } from "./rules";

/** What the rules can lack, with what it does to the advice. The codes are a part of the API: they stay. */
const sentences = {
  "no-objectives": "No objectives are active: every topic matters the same",
  "no-context": "Nothing was told in the last day: conditions are not known",
  "no-lessons": "There are no lessons to advise",
  "no-progress": "No lesson is completed yet: there is nothing to practise",
} as const;
type Code = keyof typeof sentences;

export const Warnings = Type.Array(
  Type.Object({
    code: Type.Enum(Object.keys(sentences) as Code[]),
    message: Type.String({ description: "The same for people" }),
  }),
  { description: "What the advice was made without" },
);

/** What there was none of among the inputs: the same for the same inputs, always in this order. */
export function warningsOf({ objectives, context, progress }: Inputs): Static<typeof Warnings> {
  const isEmpty = (record: object) => Object.keys(record).length === 0;
  const lacking: Record<Code, boolean> = {
    "no-objectives": isEmpty(objectives),
    "no-context": isEmpty(context),
    "no-lessons": progress.length === 0,
    "no-progress": progress.length > 0 && progress.every(({ completed }) => completed === 0),
  };
  const codes = (Object.keys(sentences) as Code[]).filter((code) => lacking[code]);
  return codes.map((code) => ({ code, message: sentences[code] }));
}
