import { ParameterError } from "../errors.ts";
import { registersLength } from "./arrayProgram.ts";
import { memberCount } from "./pairMembers.ts";
import { streamStateLength } from "./randomStreams.ts";
import { sampleCount, type SimulationSpecification } from "./specification.ts";
import { allocatedBytes, largestWorkspace } from "./workspace.ts";

/** Samples whose features are held at once. It fixes the order of summation, so it is one constant and no option. */
export const blockSize = 512;

/** Doubles of a cache line, to which every array is aligned. */
const LINE = 8;

/** Sizes of a trial, from which its memory follows. */
export interface TrialPlan {
  /** Training sizes, ascending, without repetition. */
  readonly sampleCounts: readonly number[];
  /** Largest n ≤ p: those are solved in the dual, n × n; 0 if there is none. */
  readonly dualSamples: number;
  /** Largest n > p: those are solved in the primal, p × p; 0 if there is none. */
  readonly primalSamples: number;
  /** Of the step, the largest of several. */
  readonly stepSamples: number;
  /** Widths of the layers below the last one. */
  readonly lowerWidths: readonly number[];
  /** Number of readouts: (n, λ) pairs. */
  readonly readouts: number;
  /** Doubles of each array. */
  readonly lengths: {
    readonly streams: number;
    readonly weights: number;
    /** Layers below the last one: their weights, and a block of their features. */
    readonly lower: number;
    /** Shared by the gradient of the step and, after it, the primal Gram matrix. */
    readonly square: number;
    readonly dualGram: number;
    readonly dualFeatures: number;
    readonly inputs: number;
    readonly features: number;
    readonly labels: number;
    readonly readouts: number;
    readonly moment: number;
    readonly solution: number;
    readonly diagonal: number;
    readonly stepMoment: number;
    readonly outputs: number;
    readonly residuals: number;
    /** Eigenvectors and values for λ = 0, where a Gram matrix may be singular. */
    readonly eigenvectors: number;
    readonly eigenvalues: number;
    /** All training features, and vectors over the samples, for losses other than the square. */
    readonly lossFeatures: number;
    readonly lossVectors: number;
    /** Of all networks of a trial, where pairs of them are observed. */
    readonly predictions: number;
    readonly registers: number;
  };
  readonly bytes: number;
}

/**
 * Arrays of a trial and their bytes.
 *
 * @throws ParameterError if they exceed the 4 GiB of a WASM memory.
 */
export function planTrial(specification: SimulationSpecification): TrialPlan {
  const { dimension: d, width: p, sampleRatios, ridges, weights } = specification;
  const sampleCounts = [...new Set(sampleRatios.map((alpha) => sampleCount(specification, alpha)))].sort(
    (a, b) => a - b,
  );
  const lossSamples = specification.loss === undefined ? 0 : sampleCounts.at(-1)!;
  const ridgeCounts = lossSamples > 0 ? [] : sampleCounts;
  const dualSamples = Math.max(0, ...ridgeCounts.filter((n) => n <= p));
  const primalSamples = Math.max(0, ...ridgeCounts.filter((n) => n > p));
  const stepSamples =
    weights.kind === "trained"
      ? weights.stepSamples
      : weights.kind === "directions"
        ? Math.max(0, ...weights.steps.map(({ samples }) => samples))
        : 0;
  const lowerWidths = weights.kind === "layers" ? weights.widths : [];
  const readouts = sampleCounts.length * ridges.length;
  const spectralSide = ridges.includes(0) ? Math.max(dualSamples, primalSamples > 0 ? p : 0) : 0;
  const lengths = {
    streams: streamStateLength,
    weights: weights.kind === "none" ? 0 : p * (lowerWidths.at(-1) ?? d),
    lower: lowerWidths.reduce((sum, width, l) => sum + width * ((lowerWidths[l - 1] ?? d) + blockSize) + 2 * LINE, 0),
    square: Math.max(stepSamples > 0 ? p * d : 0, primalSamples + lossSamples > 0 ? p * p : 0),
    dualGram: dualSamples * dualSamples,
    dualFeatures: dualSamples * p,
    inputs: blockSize * d,
    features: 2 * blockSize * p,
    labels: Math.max(dualSamples, primalSamples, lossSamples),
    readouts: readouts * p,
    moment: p,
    solution: Math.max(p, dualSamples),
    diagonal: Math.max(p, dualSamples),
    stepMoment: d,
    outputs: blockSize * Math.max(1, readouts),
    residuals: blockSize,
    eigenvectors: spectralSide * spectralSide,
    eigenvalues: 2 * spectralSide,
    lossFeatures: lossSamples * p,
    lossVectors: 3 * lossSamples,
    predictions: specification.statistics ? memberCount(specification) * specification.testSamples * readouts : 0,
    registers: registersLength,
  };
  const bytes = Object.values(lengths).reduce((sum, length) => sum + allocatedBytes(length), 0);
  if (!(bytes <= largestWorkspace)) {
    const legal = `so small that a trial fits the 4 GiB of one WASM memory: it takes ${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new ParameterError("dimension", d, legal);
  }
  return { sampleCounts, dualSamples, primalSamples, stepSamples, lowerWidths, readouts, lengths, bytes };
}
