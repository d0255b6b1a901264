/** Quantities of a row that a curve can show. */
export const QUANTITIES = {
  testError: "test error",
  excessRisk: "excess risk",
  trainError: "training error",
  objective: "objective per sample",
  testLoss: "test loss",
  trainLoss: "training loss",
  testClassificationError: "test classification error",
  trainClassificationError: "training classification error",
} as const;
/** Columns of bias, variance and ensembles (statistics §3), in words. */
const STATISTICS: Readonly<Record<string, string>> = {
  biasSquared: "squared bias",
  variance: "variance",
  varianceWeights: "variance: weights",
  varianceInputs: "variance: inputs",
  varianceInputsNoise: "variance: inputs, noise",
  varianceWeightsInputs: "variance: weights, inputs",
  varianceWeightsInputsNoise: "variance: weights, inputs, noise",
  sameWeightsFreshNoise: "mean over label noise",
  sameWeightsFreshSamples: "mean over samples",
  freshWeightsSameSamples: "mean over weights",
  freshWeightsFreshNoise: "mean over weights, noise",
  freshBoth: "mean over weights, samples",
  classificationError: "classification error",
};

/** Means of M networks: of two, of infinitely many, and those whose columns have the place of M in a list. */
const ENSEMBLE =
  /^(?:ensembleOfTwo\.(?<two>\w+)|averagedClassificationError\.(?<all>\w+)$|(?<column>ensembles\.(?<several>\w+)\[\d+\]))(?:\.(?<what>testError|classificationError)$)?/;

const KINDS: Readonly<Record<string, string>> = {
  sameWeightsFreshSamples: "fresh samples",
  freshWeightsSameSamples: "fresh weights",
  freshBoth: "both fresh",
};

/** Names that other people's words have. */
const ALIASES: Readonly<Record<string, string>> = { bias: "biasSquared" };

/** The name of a column that is asked for. */
export const columnOf = (quantity: string): string => ALIASES[quantity] ?? quantity;

/** Several quantities on one axis in a word: those of one kind. */
export function titleOfSeveral(quantities: readonly string[]): string {
  if (quantities.length === 1) return titleOf(quantities[0]!);
  const rate = (name: string) => name.endsWith("lassificationError");
  if (quantities.every(rate)) return "error rate";
  const square = (name: string) =>
    !rate(name) && (/^(test|train)Error$|^excessRisk$|\.testError$/.test(name) || Object.hasOwn(STATISTICS, name));
  return quantities.every(square) ? "square error" : "";
}

/** A quantity in words; a column without some keeps its name. @param columns of a row, which have the M of ensembles */
export function titleOf(quantity: string, columns: Readonly<Record<string, unknown>> = {}): string {
  const known = (QUANTITIES as Readonly<Record<string, string>>)[quantity] ?? STATISTICS[quantity];
  if (known !== undefined) return known;
  const { two, all, several, column, what } = ENSEMBLE.exec(quantity)?.groups ?? {};
  const kind = KINDS[two ?? all ?? several ?? ""];
  if (kind === undefined) return quantity;
  const given = column === undefined ? NaN : Number(columns[`${column}.members`]);
  const M = two === undefined ? (all === undefined ? given : Infinity) : 2;
  const rate = what === "testError" ? "" : ": classification error";
  return `M = ${M === Infinity ? "∞" : String(M)}, ${kind}${rate}`;
}

/** Names of {@link QUANTITIES}. */
export type Quantity = keyof typeof QUANTITIES;
