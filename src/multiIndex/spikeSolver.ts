import { type FeatureRank, rankOf, scaledPoint, withFreeTraces } from "../ridge/limits.ts";
import { atWidth, solvedWidth } from "../ridge/infiniteWidth.ts";
import { checkPoint, failure, type RidgeFailure } from "../ridge/solution.ts";
import { type RidgePoint } from "../ridge/limits.ts";
import { type BulkResolvent, pairsOf, type SourceForms } from "./bulkResolvent.ts";
import { type MeanBasis, meanBasis, spikeReadout, type SpikeReadout } from "./readout.ts";
import { solveTraces } from "./solveTraces.ts";
import type { SpikeModel } from "./spikeModel.ts";
import type { SpikeProblem } from "./spikeProblem.ts";
import { inner, susceptibilityFunctions, type TracePoint, type Traces } from "./tracePoint.ts";

/** Summary statistics of the readout (multiIndex §2), free of the bases of κ and ζ. */
export interface SpikeOverlapsOfReadout {
  /** m_k: coefficients of the mean channels. */
  readonly m: number[];
  /** Γᵀθ_k + Lψ_k: the readout's overlap with the bulk along every θ_i, K×m. */
  readonly alongTarget: number[][];
  /** Q1_kl = aᵀΩa/p, K×K. */
  readonly Q1: number[][];
  /** Q2_k = |a|²/p within the group. */
  readonly Q2: number[];
  readonly V1: number[][];
  /** V2_k = g_k */
  readonly V2: number[];
}

/** Test errors with and without the leading row norms; the truth lies between (multiIndex §11). */
export interface RowNormValues {
  readonly without: number;
  readonly leading: number;
}

/** Ridge regression on features with spikes in several directions, at one point. */
export interface SpikeSolution {
  readonly status: "converged";
  readonly testError: number;
  readonly excessRisk: number;
  readonly trainError: number;
  readonly objective: number;
  readonly overlaps: SpikeOverlapsOfReadout;
  /** After several steps on finite batches. */
  readonly rowNormValues?: RowNormValues;
  readonly iterations: number;
  readonly residual: number;
  /** Estimated relative error of the test error. */
  readonly errorEstimate: number;
}

/** Everything that a solution was made of, for observables that need more than its numbers. */
export interface SolvedSpikes {
  readonly solution: SpikeSolution;
  readonly readout: SpikeReadout;
  readonly problem: SpikeProblem;
}

/** Solves points of one model, each from the last. */
export interface SpikeSolver {
  readonly solve: (point: RidgePoint) => SpikeSolution | RidgeFailure;
  readonly details: (point: RidgePoint) => SolvedSpikes | RidgeFailure;
}

/** A grid of κ with what is made on it once. */
interface Grid {
  readonly problem: SpikeProblem;
  readonly phi: readonly Float64Array[];
  readonly basis: MeanBasis;
  readonly bulk: BulkResolvent;
}

/** Relative error of averages at a solution beyond which the grid is refined. */
const SHARP_ENOUGH = 1e-9;
const MOST_REFINEMENTS = 2;
const FIRST_SCALES = [0, 1, 10];

export function spikeSolver(model: SpikeModel): SpikeSolver {
  const onGrid = (scales: readonly number[]): Grid => {
    const problem = model.problem(scales);
    return {
      problem,
      phi: susceptibilityFunctions(problem),
      basis: meanBasis(problem),
      bulk: problem.resolvent(),
    };
  };
  let grid: Grid | undefined;
  let last: Traces | undefined;

  function details(given: RidgePoint): SolvedSpikes | RidgeFailure {
    const asked = checkPoint(given);
    const { sampleRatio, ridge } = asked;
    const widthRatio = solvedWidth(asked.widthRatio, sampleRatio);
    for (let refinement = 0; ; refinement++) {
      grid ??= onGrid(FIRST_SCALES);
      const { problem, phi, basis, bulk } = grid;
      const features = spikeFeatureRank(problem, widthRatio);
      const at = scaledPoint({ sampleRatio, widthRatio, ridge }, features);
      const traces = solveTraces(problem, phi, bulk, at, widthRatio, last);
      if (traces.status !== "converged") return { ...traces, status: traces.status };
      const { point } = traces;
      last = point.x;
      const forms = bulk.sourceForms?.();
      if (bulk.sourceForms && !forms)
        return failure("non-finite", "the resolvent of the bulk is singular along the target");
      const readoutOf = (of: SpikeProblem, own: SourceForms | undefined) =>
        spikeReadout(of, phi, basis, point, own, at, widthRatio);
      const bare = problem.leading === undefined ? undefined : withoutNorms(problem, forms!);
      const readouts = [readoutOf(problem, forms), ...(bare ? [readoutOf(bare.problem, bare.forms)] : [])];
      if (!readouts.every((found) => found !== undefined)) {
        return failure("non-finite", "the effective ridge is singular");
      }
      const quadrature = Math.max(...readouts.map((found) => averageErrors(grid!, point, found)));
      if (quadrature > SHARP_ENOUGH && refinement < MOST_REFINEMENTS) {
        const size = typicalSusceptibility(grid, point);
        const before = problem.rule.weights.length;
        const finer = onGrid([...FIRST_SCALES, size, 10 * size]);
        if (finer.problem.rule.weights.length > before) {
          grid = finer;
          continue;
        }
      }
      const [of, readout] = bare && !problem.leading ? [bare.problem, readouts[1]!] : [problem, readouts[0]!];
      const risks = readouts.map((found) => inner(problem.rule.weights, found.risk));
      const solution = {
        ...solutionOf(of, at.delta, point, readout, traces),
        ...(bare ? { rowNormValues: { without: risks[1]!, leading: risks[0]! } } : {}),
      };
      const risk = Math.abs(solution.testError);
      const errorEstimate =
        quadrature * point.amplification +
        problem.error +
        10 * traces.step * point.amplification +
        readout.rounding +
        (Number.isFinite(risk + risks[0]!) ? 0 : Infinity);
      if (!Number.isFinite(errorEstimate)) return failure("non-finite", "observables are not finite");
      const free = withFreeTraces({ ...solution, errorEstimate }, { sampleRatio, widthRatio, ridge }, features);
      return { solution: atWidth(free, asked.widthRatio), readout, problem: of };
    }
  }

  return {
    details,
    solve(point) {
      const found = details(point);
      return "solution" in found ? found.solution : found;
    },
  };
}

/** The problem without the sources of row norms, and its forms. */
function withoutNorms(problem: SpikeProblem, { forms, slopes }: SourceForms) {
  const n = problem.sources.length;
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => problem.sources[i]!.axis !== undefined);
  const part = (matrix: Float64Array) => Float64Array.from(kept.flatMap((i) => kept.map((j) => matrix[i * n + j]!)));
  return {
    problem: { ...problem, sources: kept.map((i) => problem.sources[i]!) },
    forms: { forms: part(forms), slopes: slopes.map(part) },
  };
}

/** Limit of rank/d of the features: linear neurons cannot have more than d directions. */
export function spikeFeatureRank(
  { fractions, mu1, mu2Squared, bulkVariance, rule }: SpikeProblem,
  beta: number,
): FeatureRank {
  const groups = fractions.map((fraction, k) => ({ fraction, mu2Squared: mu2Squared[k]! }));
  const powerOf = (k: number) => bulkVariance[k]! * rule.weights.reduce((sum, w, i) => sum + w * mu1[k]![i]! ** 2, 0);
  return rankOf(groups, powerOf, beta);
}

/** The worst relative error of the averages that the solution is made of. */
function averageErrors({ problem, phi }: Grid, { damping }: TracePoint, { risk }: SpikeReadout): number {
  const { rule, square } = problem;
  const worst = (values: Float64Array, least = 0) => rule.errorsOf(values, least).reduce((sum, e) => sum + e, 0);
  const floor =
    inner(rule.weights, damping) * phi.reduce((sum, column) => sum + Math.abs(inner(rule.weights, column)), 0);
  return Math.max(
    worst(risk, Math.abs(inner(rule.weights, risk))),
    worst(risk.map((value, i) => value * damping[i]! ** 2)),
    worst(square.map((value, i) => value * damping[i]!)),
    ...phi.map((column) =>
      worst(
        column.map((value, i) => value * damping[i]!),
        1e-3 * floor,
      ),
    ),
  );
}

function typicalSusceptibility({ problem }: Grid, { damping }: TracePoint): number {
  const mean = inner(problem.rule.weights, damping);
  return mean > 0 ? Math.max(10, 1 / mean - 1) : 10;
}

function solutionOf(
  problem: SpikeProblem,
  one: number,
  point: TracePoint,
  readout: SpikeReadout,
  traces: { readonly iterations: number; readonly residual: number },
): Omit<SpikeSolution, "errorEstimate"> {
  const { rule, sources, labelNoise, fractions } = problem;
  const { risk, t, Q } = readout;
  const K = fractions.length;
  const testError = inner(rule.weights, risk);
  const trainError = one * one * rule.weights.reduce((sum, w, i) => sum + w * risk[i]! * point.damping[i]! ** 2, 0);
  const special = fractions.map((_, k) => {
    const length = problem.toTarget[0]?.length ?? 0;
    const vector = new Array<number>(length).fill(0);
    sources.forEach((source, i) => {
      if (source.group === k) source.vector.forEach((value, a) => (vector[a]! += t[i]! * value));
    });
    return vector;
  });
  const q = rule.dimension;
  const psi = special.map((vector) => vector.slice(q));
  const square = (packed: Float64Array, extra: (k: number, l: number) => number): number[][] => {
    const out = fractions.map(() => new Array<number>(K).fill(0));
    pairsOf(K).forEach(([k, l], a) => (out[k]![l] = out[l]![k] = packed[a]! + extra(k, l)));
    return out;
  };
  // With a resolvent of the bulk's own forms Σψψ is in Q1 already.
  const outside = (k: number, l: number) =>
    problem.ownForms ? 0 : psi[k]!.reduce((sum, value, b) => sum + value * psi[l]![b]!, 0);
  const n = pairsOf(K).length;
  return {
    status: "converged",
    testError,
    excessRisk: testError - labelNoise,
    trainError,
    objective: readout.objective,
    overlaps: {
      m: Array.from(readout.means),
      alongTarget: special.map((vector) =>
        problem.toTarget.map((row) => row.reduce((sum, r, a) => sum + r * vector[a]!, 0)),
      ),
      Q1: square(Q, outside),
      Q2: Array.from(Q.subarray(n)),
      V1: square(point.x, () => 0),
      V2: Array.from(point.x.subarray(n)),
    },
    iterations: traces.iterations,
    residual: traces.residual,
  };
}
