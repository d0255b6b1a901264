import { type Command, Option } from "commander";
import { ParameterError } from "../errors.ts";
import { parseAxis, parseList, parseNumber } from "./values.ts";

/** How the text of an option is read: an axis may be one number, and in a curve a list or range of them. */
type Kind = "text" | "number" | "axis" | "list" | "loss";

/** An option with an argument; its flag is the field in kebab-case. */
export interface CliOption {
  readonly field: string;
  readonly kind: Kind;
  readonly argument: string;
  readonly help: string;
}

export const option = (field: string, kind: Kind, argument: string, help: string): CliOption => {
  return { field, kind, argument, help };
};

/** The fields of the JSON interface as options. */
const MODEL_OPTIONS: readonly CliOption[] = [
  option(
    "model",
    "text",
    "name",
    "trainedNetwork (default), spikedRandomFeatures, randomFeatures, smallRate, powerChannels",
  ),
  option("theory", "text", "name", "of a trained network: network (default) or srf, its isotropic surrogate"),
  option("student", "text", "σ", "activation of the network: a name or a formula in x"),
  option("target", "text", "σ*", "target: a name or a formula in x"),
  option("sampleRatio", "axis", "α", "samples per dimension n/d > 0, or inf"),
  option("widthRatio", "axis", "β", "width per dimension p/d > 0"),
  option("ridge", "axis", "λ", "ridge penalty >= 0, not divided by n; 0 is the ridgeless limit"),
  option("labelNoise", "axis", "Δ", "variance of the label noise >= 0 (default 0)"),
  option("learningRate", "axis", "η̃", "rate of the gradient step"),
  option("stepSampleRatio", "axis", "α₀", "samples of the gradient step per dimension >= 0, or inf"),
  option("spikeStrength", "axis", "r", "strength of the spike (s₁ for smallRate)"),
  option("bulkVariance", "axis", "c", "variance of the bulk > 0; a list is one per readout value"),
  option("alignment", "axis", "γ", "overlap of spike and target direction, in [-1, 1]"),
  option("readoutValues", "list", "u", "values of the first-layer readout (default 1)"),
  option("readoutFractions", "list", "π", "their fractions (default equal)"),
  option("rows", "text", "kind", "rows of the random weights: equal (norms, default) or gaussian"),
  option("powerChannels", "list", "k", "powers of κ in the features, for powerChannels"),
  option("loss", "loss", "name", "square (default), huber:δ, logistic, hinge, squaredHinge"),
  option("labelFlips", "number", "ε", "probability in [0, 1/2) that a sign label is flipped (default 0)"),
  option("finiteDimension", "number", "d", "finite-size option: strength of the mean channels"),
];

export function addOptions(command: Command, options: readonly CliOption[]): Command {
  for (const { field, argument, help } of options) {
    command.addOption(new Option(`--${kebab(field)} <${argument}>`, help));
  }
  return command;
}

/** Adds the options of every model to a command. */
export function addModelOptions(command: Command): Command {
  return addOptions(command, MODEL_OPTIONS).addOption(
    new Option("--no-row-norms", "leave out the fluctuating row norms of a trained network"),
  );
}

/**
 * Fields given as options: text as it is, numbers parsed, lists of an axis as arrays; for a curve, axes stay text.
 *
 * @throws ParameterError for text that is no number
 */
export function fieldsOf(
  given: Readonly<Record<string, unknown>>,
  axes: "parsed" | "text" = "parsed",
  options: readonly CliOption[] = MODEL_OPTIONS,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const { field, kind } of options) {
    const text = given[field];
    if (typeof text === "string") fields[field] = read(field, kind === "axis" && axes === "text" ? "text" : kind, text);
  }
  if (given["rowNorms"] === false) fields["rowNorms"] = false;
  return fields;
}

function read(field: string, kind: Kind, text: string): unknown {
  switch (kind) {
    case "text":
      if (text.trim() === "") throw new ParameterError(field, text, "not empty");
      return text;
    case "number":
      return parseNumber(field, text);
    case "list":
      return parseList(field, text);
    case "axis":
      return parseAxis(field, text);
    case "loss":
      return text.startsWith("huber:") ? { huber: parseNumber(field, text.slice(6)) } : text;
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
