/** How a call sounds, as far as a second of it tells the calls apart. */
export interface Call {
  /** What the model answers: species and call. */
  label: string;
  /** Pitch in Hz at points evenly spread over the call; it glides between them. None for what has no pitch. */
  pitch: readonly number[];
  /** Length of the call in seconds. */
  seconds: number;
  /** Strength of each harmonic as a multiple of the one below it: 0 is a whistle, near 1 a rasp. */
  harmonics: number;
  /** Pulses a second that it is broken into; 0 for one long note. */
  pulses: number;
  /** Share of breath, 0 to 1: noise that rises and falls with the call. */
  breath: number;
}

/** What the model tells apart. What is none of the calls is one of its answers, too. */
export const calls: readonly Call[] = [
  { label: "background", pitch: [], seconds: 1, harmonics: 0, pulses: 0, breath: 1 },
  { label: "elk bugle", pitch: [450, 900, 1700, 1900, 700], seconds: 0.9, harmonics: 0.35, pulses: 0, breath: 0.1 },
  { label: "elk cow mew", pitch: [1250, 1000, 700], seconds: 0.45, harmonics: 0.5, pulses: 0, breath: 0.1 },
  { label: "turkey gobble", pitch: [850, 650, 550], seconds: 0.8, harmonics: 0.75, pulses: 14, breath: 0.3 },
  { label: "turkey yelp", pitch: [1050, 800, 750], seconds: 0.85, harmonics: 0.6, pulses: 4.5, breath: 0.15 },
  { label: "deer grunt", pitch: [95, 85], seconds: 0.5, harmonics: 0.88, pulses: 0, breath: 0.2 },
  { label: "duck quack", pitch: [420, 340], seconds: 0.8, harmonics: 0.85, pulses: 4, breath: 0.25 },
  { label: "goose honk", pitch: [420, 780, 640], seconds: 0.4, harmonics: 0.7, pulses: 0, breath: 0.15 },
  { label: "coyote howl", pitch: [500, 950, 900, 850, 550], seconds: 0.95, harmonics: 0.25, pulses: 0, breath: 0.05 },
];
