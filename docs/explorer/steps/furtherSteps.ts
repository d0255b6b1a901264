/** A step after the first, as typed. */
export interface FurtherStep {
  readonly learningRate: string;
  readonly stepSampleRatio: string;
  /** Whether it takes the batch of the step before. */
  readonly reuseBatch: boolean;
}

/** More would take longer than one likes to wait. */
export const MOST_FURTHER_STEPS = 3;

const AGAIN = "again";

/** What is typed may have the separators in it. */
const escaped = (text: string): string => text.replaceAll(/[%,;]/g, encodeURIComponent);
const unescaped = (text: string): string => text.replaceAll(/%(?:25|2C|3B)/g, decodeURIComponent);

/** Steps in a few characters: "2,inf;1.5,4,again". */
export function stepsText(steps: readonly FurtherStep[]): string {
  return steps
    .map(({ learningRate, stepSampleRatio, reuseBatch }) =>
      [learningRate, stepSampleRatio, ...(reuseBatch ? [AGAIN] : [])].map(escaped).join(","),
    )
    .join(";");
}

/** Steps of such a text; what is missing is empty. */
export function readSteps(text: string): readonly FurtherStep[] {
  if (text === "") return [];
  return text
    .split(";")
    .slice(0, MOST_FURTHER_STEPS)
    .map((step) => {
      const [learningRate = "", stepSampleRatio = "", again] = step.split(",").map(unescaped);
      return { learningRate, stepSampleRatio, reuseBatch: again === AGAIN };
    });
}
