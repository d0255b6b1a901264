import { z } from "zod";
import { NAMED_LOSSES } from "../parameters/loss.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { InputLaw, SignLaw } from "./inputLaw.ts";
import type { Groups, WeightLaw } from "./weightLaw.ts";

const number = z.number();
const positive = number.positive();
const count = z.int().min(1);
const activation = z.string().min(1);

const groups = z.strictObject({ values: z.array(number).min(1), counts: z.array(count).min(1) });

const rows = z.array(z.array(number).min(1)).min(1);

const weights = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("spiked"),
    spikeStrength: number,
    bulkVariances: z.array(positive).min(1),
    alignment: number.min(-1).max(1),
    rows: z.enum(["equal", "gaussian"]),
  }),
  z.strictObject({
    kind: z.literal("smallRate"),
    spikeStrength: number,
    bulkVariance: positive,
    alignment: number.min(-1).max(1),
  }),
  z.strictObject({ kind: z.literal("trained"), learningRate: number, stepSamples: z.int().min(0) }),
  z.strictObject({
    kind: z.literal("directions"),
    theta: rows,
    spikes: rows,
    bulkVariances: z.array(positive).min(1),
    factors: z.array(rows).exactOptional(),
    steps: z.array(z.strictObject({ learningRate: number, samples: count, reuseBatch: z.boolean() })),
  }),
  z.strictObject({ kind: z.literal("layers"), widths: z.array(count) }),
  z.strictObject({ kind: z.literal("none"), constant: number.min(0) }),
]);

const inputs = z.strictObject({
  counts: z.array(count).min(1),
  deviations: z.array(number.min(0)).min(1),
  field: z.array(number).min(1),
  hidden: number.min(0),
});

const signs = z.strictObject({
  shift: number,
  logisticScale: positive.exactOptional(),
  ofTarget: z.literal(true).exactOptional(),
  inStep: z.literal(true).exactOptional(),
});

/** Every field of a specification has its check here; the type sees to that. */
const fields = {
  student: activation,
  target: activation,
  labelNoise: number.min(0),
  loss: z
    .union([z.enum(NAMED_LOSSES), z.strictObject({ huber: positive }), z.strictObject({ quantile: positive.lt(1) })])
    .exactOptional(),
  labelFlips: number.min(0).lt(0.5).exactOptional(),
  signs: signs.exactOptional() satisfies z.ZodType<SignLaw | undefined>,
  outliers: z.strictObject({ share: positive.lt(1), variance: number.min(0) }).exactOptional(),
  inputs: inputs.exactOptional() satisfies z.ZodType<InputLaw | undefined>,
  weights: weights satisfies z.ZodType<WeightLaw>,
  groups: groups satisfies z.ZodType<Groups>,
  dimension: z.int().min(2),
  width: count,
  sampleRatios: z.array(positive).min(1),
  ridges: z.array(number.min(0)).min(1),
  testSamples: count,
  seed: z.int().min(0),
  statistics: z.literal(true).exactOptional(),
} satisfies Record<keyof SimulationSpecification, z.ZodType>;

/**
 * A specification that came from a file or another machine. Infinity and NaN have no JSON and are refused, and so is a
 * field that this version does not know.
 */
export const specificationSchema = z.strictObject(fields).refine(({ groups: { values, counts }, width }) => {
  return values.length === counts.length && counts.reduce((sum, item) => sum + item, 0) === width;
}, "groups must have one count per value, and the counts sum to the width") satisfies z.ZodType<SimulationSpecification>;

/** The first problem that a schema found, with its place, in one line. */
export function firstIssue(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
