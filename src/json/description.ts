import { z } from "zod";
import { ParameterError } from "../errors.ts";
import type { AnyDescription, LossParameters, ModelDescription } from "../model/description.ts";
import { MODELS, type ModelParameters } from "../model/statistics.ts";
import type { RidgePoint } from "../solver/deterministicEquivalent.ts";
import { choice, flag, formula, loss, number, numberOrNumbers, numbers } from "./fields.ts";

const point = {
  sampleRatio: number.exactOptional(),
  widthRatio: number.exactOptional(),
  ridge: number.exactOptional(),
};
const common = {
  student: formula,
  target: formula,
  labelNoise: number.exactOptional(),
  loss: loss.exactOptional(),
  labelFlips: number.exactOptional(),
  finiteDimension: number.exactOptional(),
  ...point,
};
const readout = { readoutValues: numbers.exactOptional(), readoutFractions: numbers.exactOptional() };

/** The fields of every model, flat, under the names of the library (theory §6). */
const MODEL_SCHEMAS = {
  randomFeatures: z.strictObject({
    model: z.literal("randomFeatures"),
    ...common,
    bulkVariance: number.exactOptional(),
  }),
  spikedRandomFeatures: z.strictObject({
    model: z.literal("spikedRandomFeatures"),
    ...common,
    ...readout,
    spikeStrength: number,
    bulkVariance: numberOrNumbers.exactOptional(),
    alignment: number,
    rows: choice("equal", "gaussian").exactOptional(),
  }),
  trainedNetwork: z.strictObject({
    model: z.literal("trainedNetwork"),
    ...common,
    ...readout,
    theory: choice("network", "srf").exactOptional(),
    learningRate: number,
    stepSampleRatio: number,
    rowNorms: flag.exactOptional(),
  }),
  smallRate: z.strictObject({
    model: z.literal("smallRate"),
    ...common,
    spikeStrength: number,
    alignment: number,
    bulkVariance: number.exactOptional(),
  }),
  powerChannels: z.strictObject({
    model: z.literal("powerChannels"),
    ...common,
    powerChannels: numbers,
    alignment: number,
    bulkVariance: number.exactOptional(),
  }),
} as const;

/** A description whose point (α, β, λ) may be missing. */
export type PartialDescription = ModelParameters & Partial<RidgePoint> & LossParameters;

/**
 * Reads a description from JSON data.
 *
 * @throws ParameterError that names an unknown field, a missing one, or one of the wrong kind
 */
export function readDescription(json: Readonly<Record<string, unknown>>): PartialDescription {
  const { model } = json;
  if (typeof model !== "string" || !isModel(model)) {
    throw new ParameterError("model", model, `one of ${MODELS.join(", ")}`);
  }
  return parse<PartialDescription>(MODEL_SCHEMAS[model], json, `no field of model ${model}`);
}

/** The description with its point, all three of them, for a calculation that knows the square loss alone. */
export function withPoint(description: PartialDescription): ModelDescription {
  const complete = withLossPoint(description);
  const { loss, labelFlips } = description;
  if (labelFlips !== undefined) throw new ParameterError("labelFlips", labelFlips, "left out for this calculation");
  if (loss !== undefined && loss !== "square") throw new ParameterError("loss", loss, `"square" for this calculation`);
  return complete as ModelDescription;
}

/** The description with its point, all three of them, for any loss. */
export function withLossPoint(description: PartialDescription): AnyDescription {
  for (const name of ["sampleRatio", "widthRatio", "ridge"] as const) {
    if (description[name] === undefined) throw new ParameterError(name, undefined, "required: a number");
  }
  return description as AnyDescription;
}

function isModel(name: string): name is keyof typeof MODEL_SCHEMAS {
  return Object.hasOwn(MODEL_SCHEMAS, name);
}

/** Parses by a strict schema; the first problem becomes a ParameterError. */
export function parse<T>(schema: z.ZodType<T> & { shape: object }, json: unknown, unknownField: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  // An unknown field first: a misspelt one is usually also a missing one.
  const issues = parsed.error.issues;
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown) {
    const name = unknown.keys[0]!;
    const value = (json as Record<string, unknown>)[name];
    throw new ParameterError(name, value, `${unknownField}; its fields are ${Object.keys(schema.shape).join(", ")}`);
  }
  const { path, message } = issues[0]!;
  const value = path.reduce<unknown>((item, key) => (item as Record<PropertyKey, unknown>)[key], json);
  const name = path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i ? "." : ""}${String(key)}`)).join("");
  throw new ParameterError(name || "input", value, value === undefined ? `required: ${message}` : message);
}
