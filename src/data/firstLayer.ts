import { activation, type ActivationInput } from "../activation/activation.ts";
import { ParameterError, requireFields } from "../errors.ts";
import { streamStateLength, trialStreams } from "../simulation/randomStreams.ts";
import { allocatedBytes, Workspace } from "../simulation/workspace.ts";
import { type CheckedTable, checkLabelColumn, checkTable, type NumberTable } from "./dataSet.ts";

/** The first layer of a two-layer network: φ(x) = σ(Wx)/√p. */
export interface FirstLayer {
  readonly student: ActivationInput;
  /** W, p × d by rows. */
  readonly weights: { readonly data: Float64Array; readonly rows: number; readonly columns: number };
}

/** A random first layer. */
export interface RandomLayerOptions {
  readonly student: ActivationInput;
  /** d */
  readonly dimension: number;
  /** p */
  readonly width: number;
  /** Integer in [0, 2⁵³); default 0. */
  readonly seed?: number;
}

/** A gradient step on data. */
export interface GradientStepOptions {
  /** η̃ */
  readonly learningRate: number;
}

function requireSize(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1)) throw new ParameterError(name, value, "a whole number >= 1");
}

function requireLayer(layer: unknown): void {
  requireFields("layer", layer, ["student", "weights"], "a first layer, as randomFirstLayer makes it");
}

/**
 * A first layer with independent rows, uniform on the unit sphere (theory §1): with inputs of E|x|² = d its pre-activations have
 * variance 1.
 *
 * @throws ParameterError for sizes that are no whole numbers >= 1, or an illegal seed
 * @example
 * const { weights } = randomFirstLayer({ student: "relu", dimension: 3, width: 2, seed: 1 });
 * Math.hypot(...weights.data.subarray(0, 3)).toFixed(12); // "1.000000000000"
 */
export function randomFirstLayer(options: RandomLayerOptions): FirstLayer {
  requireFields("options", options, ["student"], "an object with student, dimension and width");
  const { student, dimension, width, seed = 0 } = options;
  activation(student, "student");
  requireSize("dimension", dimension);
  requireSize("width", width);
  const length = width * dimension;
  const workspace = Workspace.createSync(allocatedBytes(length) + allocatedBytes(streamStateLength));
  const states = workspace.allocate(streamStateLength);
  const entries = workspace.allocate(length);
  trialStreams(workspace, states, seed, 0).weights.fillNormals(entries);
  const data = Float64Array.from(entries);
  for (let j = 0; j < width; j++) {
    const row = data.subarray(j * dimension, (j + 1) * dimension);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < dimension; i++) row[i]! /= norm;
  }
  return { student, weights: { data, rows: width, columns: dimension } };
}

/**
 * One gradient step of the first layer on data, from the readout a⁰ = 1/√p (theory §2):
 *
 *   w_j ← w_j + η̃ (1/n₀) Σ_i (y_i − f₀(x_i)) σ′(w_jᵀx_i) x_i.
 *
 * @throws ParameterError for inputs of another dimension, a student without derivative, or labels that cannot be used
 * @example
 * const layer = randomFirstLayer({ student: "tanh", dimension: 2, width: 3 });
 * const trained = gradientStepOnData(layer, [[1, 0], [0, 1]], [1, -1], { learningRate: 0 });
 * trained.weights.data[0] === layer.weights.data[0]; // true
 */
export function gradientStepOnData(
  layer: FirstLayer,
  inputs: NumberTable,
  labels: ArrayLike<number>,
  options: GradientStepOptions,
): FirstLayer {
  requireLayer(layer);
  requireFields("options", options, ["learningRate"], "an object with learningRate");
  const { learningRate } = options;
  if (!Number.isFinite(learningRate)) throw new ParameterError("learningRate", learningRate, "a finite number");
  const x = checkInputs(layer, inputs);
  const y = checkLabelColumn(labels, x.rows);
  const { value, derivative, name } = activation(layer.student, "student");
  if (!derivative) throw new ParameterError("student", name, "for a gradient step, an activation with a derivative");
  const { rows: p, columns: d } = layer.weights;
  const fields = preActivations(layer, x);
  const scale = learningRate / x.rows;
  const residuals = y.map((label, i) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += value(fields[i * p + j]!);
    return label - sum / p;
  });
  const data = Float64Array.from(layer.weights.data);
  for (let i = 0; i < x.rows; i++) {
    const input = x.data.subarray(i * d, (i + 1) * d);
    for (let j = 0; j < p; j++) {
      const factor = scale * residuals[i]! * derivative(fields[i * p + j]!);
      if (factor === 0) continue;
      for (let k = 0; k < d; k++) data[j * d + k]! += factor * input[k]!;
    }
  }
  return { student: layer.student, weights: { data, rows: p, columns: d } };
}

/**
 * The features φ(x) = σ(Wx)/√p of a first layer on inputs, one row an input: what {@link learningCurveFromData} takes.
 *
 * @throws ParameterError for inputs of another dimension than the weights
 * @example
 * const layer = { student: "identity", weights: { data: Float64Array.of(1, 0, 0, 1), rows: 2, columns: 2 } };
 * [...featuresOf(layer, [[3, 4]]).data].map((value) => value.toFixed(6)); // ["2.121320", "2.828427"]
 */
export function featuresOf(layer: FirstLayer, inputs: NumberTable): CheckedTable {
  requireLayer(layer);
  const x = checkInputs(layer, inputs);
  const { value } = activation(layer.student, "student");
  const p = layer.weights.rows;
  const root = Math.sqrt(p);
  return { data: preActivations(layer, x).map((field) => value(field) / root), rows: x.rows, columns: p };
}

function checkInputs({ weights }: FirstLayer, inputs: NumberTable): CheckedTable {
  const x = checkTable("inputs", inputs);
  if (x.columns !== weights.columns) {
    throw new ParameterError("inputs", `${x.columns} columns`, `as many as the weights have (${weights.columns})`);
  }
  return x;
}

/** XWᵀ, n × p. */
function preActivations({ weights }: FirstLayer, x: CheckedTable): Float64Array {
  const { data, rows: p, columns: d } = weights;
  const fields = new Float64Array(x.rows * p);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += x.data[i * d + k]! * data[j * d + k]!;
      fields[i * p + j] = sum;
    }
  }
  return fields;
}
