import { stepNumbers } from "../activation/stepNumbers.ts";
import { rowNorms, slopeMoments } from "../model/rowNorms.ts";
import type { BulkResolvent } from "./bulkResolvent.ts";
import { dot, type SpecialGeometry } from "./geometry.ts";
import type { SpikeColumns, SpikedFeatures } from "./spikeColumns.ts";
import { type SourcesAndBulk, sourceOf } from "./spikeModel.ts";
import type { Source } from "./spikeProblem.ts";
import { type DataVector, formStep, type FormStep, type SlottedVector, sourceForms } from "./stepForms.ts";
import { stepPencil } from "./stepPencil.ts";
import { type StepSamples, stepSamples } from "./stepSamples.ts";
import type { Step, SteppingNetwork, TakenStep } from "./steps.ts";
import { MOMENT } from "./studentMoments.ts";
import { stepTangents } from "./tangent.ts";

/** Row norms of the trained network: exactly after one step, to leading order after several, or left out (multiIndex §4). */
export type RowNormChannels = "full" | "leading" | "none";

/** A row strength below this is rounding. */
const VANISHING = 1e-13;

/** What the steps' data leave in the bulk, made once per model. */
interface StepData {
  readonly samples: readonly StepSamples[];
  readonly chain: readonly FormStep[];
  readonly norms: readonly NormVector[];
  readonly groups: number;
  readonly directions: number;
}

/** A source that carries the fluctuation of the row norms. */
interface NormVector extends SlottedVector {
  /** Components on the special coordinates. */
  readonly components: readonly number[];
  /** The multiple of ν_k in its function. */
  readonly alongNorm: number;
}

/** Sources and bulk of the trained network itself at finite batches (multiIndex §4). */
export function networkSources(
  network: SteppingNetwork,
  taken: readonly TakenStep[],
  features: SpikedFeatures,
  channels: RowNormChannels,
): SourcesAndBulk {
  const data = stepData(network, taken, features, channels);
  return {
    ownForms: true,
    sources: (columns) => networkColumns(columns, data),
    resolvent: (geometry) => networkResolvent(geometry, data),
  };
}

function stepData(
  network: SteppingNetwork,
  taken: readonly TakenStep[],
  features: SpikedFeatures,
  channels: RowNormChannels,
): StepData {
  const K = network.readoutValues.length;
  const m = network.target.directions;
  const samples = taken.map((step) => stepSamples(network, step));
  const size = (1 + 2 * taken.length) * K;
  const shared = { samples, groups: K, directions: m };
  const noise = taken.map((step, t) => noiseVectors(network, step, samples[t]!));
  const chainOf = (vectors: readonly (readonly DataVector[])[]) =>
    taken.map(({ tables }, t) => formStep(samples[t]!, tables.geometry.P, vectors[t]!));
  if (channels === "full") {
    const { vectors, norms } = exactNorms(network, taken[0]!.step, samples[0]!, noise[0]!, features);
    return { ...shared, chain: chainOf([vectors]), norms };
  }
  return { ...shared, chain: chainOf(noise), norms: channels === "none" ? [] : leadingNorms(network, taken, size) };
}

/** n = Λ⁺ diag(η̃u)(b − Σ E[fS] · basis): the noise part of the spikes, f_k = res e0_k. */
function noiseVectors(
  network: SteppingNetwork,
  { tables, step, noise }: TakenStep,
  samples: StepSamples,
): DataVector[] {
  const rank = noise[0]!.length;
  const norms = Array.from({ length: rank }, (_, r) => noise.reduce((sum, row) => sum + row[r]! ** 2, 0));
  return norms.map((norm, r) => {
    const f = new Float64Array(samples.residual.length);
    network.readoutValues.forEach((u, k) => {
      // The columns of Λ are orthogonal: Λ⁺ = Λᵀ/|Λ_r|².
      const factor = (noise[k]![r]! / norm) * step.learningRate * u;
      const e0 = tables.moments[k]![MOMENT.linear]!;
      for (let i = 0; i < f.length; i++) f[i]! += factor * samples.residual[i]! * e0[samples.place[i]!]!;
    });
    return { f, withMean: false };
  });
}

/** T = 1: theory §9 for every group, with data vectors χ_k and Ψ₁_k in the blocks s and q. */
function exactNorms(
  network: SteppingNetwork,
  step: Step,
  { residual, weight, first, second, inverseRatio }: StepSamples,
  noise: readonly DataVector[],
  { tau }: SpikedFeatures,
) {
  const { student, readoutValues: u } = network;
  const K = u.length;
  const numbers = stepNumbers(student, "student");
  const slope = slopeMoments(student, numbers);
  const rule = { y: residual, weight, first: first[0]!, second: second[0]![0]! };
  const vectors = [...noise];
  const norms: NormVector[] = [];
  u.forEach((value, k) => {
    const group = rowNorms(step.learningRate * value, numbers.curvature, slope, rule, inverseRatio);
    if (!(group.strength > VANISHING)) return;
    const at = network.target.directions + vectors.length;
    vectors.push({ f: group.chi, withMean: true }, { f: group.psi1, withMean: true });
    norms.push({
      group: k,
      parts: [
        { direction: at, slot: K + k, coefficient: 1 },
        { direction: at + 1, slot: 2 * K + k, coefficient: 1 },
      ],
      excess: group.excess,
      components: [],
      // ∂μ0/∂c = ν/(2τ)
      alongNorm: 1 / (2 * tau[k]!),
    });
  });
  return { vectors, norms };
}

/** The initial row's components along the target, in block q_1, as they move norm and, through it, the row. */
function leadingNorms(network: SteppingNetwork, taken: readonly TakenStep[], size: number): NormVector[] {
  const { readoutValues: u, target } = network;
  const [K, m] = [u.length, target.directions];
  const [moved, still] = [true, false].map((norms) => stepTangents(taken, u, m, norms));
  return u
    .flatMap((_, k) =>
      Array.from({ length: m }, (_, i) => ({
        group: k,
        parts: [{ direction: i, slot: size - K + k, coefficient: 1 }],
        excess: 0,
        components: moved![k]!.direct.map((row, j) => row[i]! - still![k]!.direct[j]![i]!),
        alongNorm: moved![k]!.norm[i]!,
      })),
    )
    .filter(({ components, alongNorm }) => Math.hypot(alongNorm, ...components) > VANISHING);
}

function networkColumns(columns: SpikeColumns, { groups, norms }: StepData): Source[] {
  const { P } = columns.geometry;
  const own = Array.from({ length: groups }, (_, group) =>
    P.map((_, axis) => {
      const vector = P.map((_, a) => (a === axis ? 1 : 0));
      return { ...sourceOf(columns, group, vector, 0), axis };
    }),
  ).flat();
  return [
    ...own,
    ...norms.map(({ group, components, alongNorm }) => {
      const vector = P.map((p) => dot(components, p));
      return sourceOf(columns, group, vector, alongNorm);
    }),
  ];
}

function networkResolvent(
  { P }: SpecialGeometry,
  { samples, chain, norms, groups, directions }: StepData,
): BulkResolvent {
  const pencil = stepPencil(samples, groups);
  const vectors: SlottedVector[] = [
    ...Array.from({ length: groups }, (_, group) => P.map((row) => slotted(row, group))).flat(),
    ...norms,
  ];
  return {
    trace: (coupling) => pencil.trace(coupling),
    sourceForms: () => sourceForms(pencil, chain, directions, vectors),
    reset: () => pencil.reset(),
  };
}

function slotted(row: readonly number[], group: number): SlottedVector {
  return {
    group,
    excess: 0,
    parts: row.map((coefficient, direction) => ({ direction, slot: group, coefficient })),
  };
}
