import { featureMoments } from "../activation/featureMoments.ts";
import { ParameterError, requireDescription } from "../errors.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import { solutionOf } from "../ridge/solveProblem.ts";
import { isMultiIndex, legalMultiIndex, type MultiIndexDescription } from "./description.ts";
import { dot } from "./geometry.ts";
import type { SpikeSolution, SolvedSpikes } from "./spikeSolver.ts";
import { multiIndexSolver, type MultiIndexSolver } from "./solver.ts";
import type { SpikedFeatures } from "./spikeColumns.ts";

/** What a network of several steps or directions has learned, as a function of projections of its input (multiIndex §2). */
export interface LearnedSurface {
  readonly solution: SpikeSolution;
  /**
   * E[f | e_iᵀs = t_i], s = (θ_1ᵀx, …, θ_mᵀx): along one direction of the target's space, on a plane of two, or of more.
   *
   * @param directions orthonormal vectors e_i of m numbers
   * @param points lists of t_i, one value per direction
   */
  readonly given: (directions: readonly (readonly number[])[], points: readonly (readonly number[])[]) => number[];
  readonly notices: readonly string[];
}

/**
 * The function that the readout learns after several steps or with several directions, averaged over all inputs that have given
 * projections on directions of the target's space. With P-coordinates (κ, ζ) and M the directions in them, per group k
 *
 *   E[f | t] = Σ_k m_kE σ(x) + (c_k·Mt) E σ′(x) + (Cov(c_k·(κ,ζ), R_k·κ | t) + n_kτ_k) E σ″(x),   x ~ N(R_k·Mt, Var(R_k·κ | t) + τ_k²),
 *
 * c_k = Σ t_s (its vector) and n_k the coefficient of ν_k: closed by Stein's lemma, so that it costs no average over κ.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found
 * @example
 * const { given } = learnedSurface({
 *   model: "trainedNetwork", student: "tanh", target: "x1 + (x1^2 - 1)*x2",
 *   steps: [{ learningRate: 2, stepSampleRatio: Infinity }, { learningRate: 2, stepSampleRatio: Infinity }],
 *   sampleRatio: 4, widthRatio: 1, ridge: 0.1,
 * });
 * given([[1, 0]], [[1]])[0].toFixed(4); // "1.2045"
 * given([[1, 0], [0, 1]], [[1, -0.5]])[0].toFixed(4); // "1.3896"
 */
export function learnedSurface(description: MultiIndexDescription): LearnedSurface {
  requireDescription(description);
  if (!isMultiIndex(description)) {
    const { target } = description as { readonly target?: unknown };
    throw new ParameterError(
      "target",
      target,
      "of several variables, or steps or spikes in rows: else learnedFunction",
    );
  }
  const { sampleRatio, widthRatio, ridge } = legalMultiIndex(description);
  return learnedSurfaceOf(multiIndexSolver(description), { sampleRatio, widthRatio, ridge });
}

/**
 * The same of a model that is there.
 *
 * @throws ConvergenceError if the saddle point was not found
 */
export function learnedSurfaceOf(solver: MultiIndexSolver, point: RidgePoint): LearnedSurface {
  const { features } = solver.described.model;
  const found = solver.details(point);
  const details = "solution" in found ? found : undefined;
  const solution = solutionOf("solution" in found ? found.solution : found, point);
  const groups = groupFunctions(features, details!);
  const { toTarget } = details!.problem;
  return {
    solution,
    notices: solver.described.notices,
    given(directions, points) {
      requireOrthonormal(directions, features.theta.length);
      // M: columns e_i in the coordinates (κ, ζ), in which the target's directions are the rows of toTarget.
      const M = directions.map((e) =>
        toTarget[0]!.map((_, a) => e.reduce((sum, x, i) => sum + x * toTarget[i]![a]!, 0)),
      );
      return points.map((t) => {
        requirePoint(t, directions.length);
        const place = M[0]!.map((_, a) => M.reduce((sum, column, i) => sum + column[a]! * t[i]!, 0));
        return groups.reduce((sum, group) => sum + group(M, place), 0);
      });
    },
  };
}

type GroupFunction = (M: readonly (readonly number[])[], place: readonly number[]) => number;

/** What every group adds, from the directions and the mean of (κ, ζ) at the point. */
function groupFunctions({ student, tau }: SpikedFeatures, { readout, problem }: SolvedSpikes): GroupFunction[] {
  return problem.fractions.map((_, k): GroupFunction => {
    const R = [...problem.spikes[k]!, ...new Array<number>(problem.rest).fill(0)];
    const c = new Array<number>(R.length).fill(0);
    let alongNorm = 0;
    problem.sources.forEach((source, s) => {
      if (source.group !== k) return;
      source.vector.forEach((value, a) => (c[a]! += readout.t[s]! * value));
      alongNorm += readout.t[s]! * source.alongNorm;
    });
    return (M, place) => {
      const given = (a: readonly number[], b: readonly number[]) =>
        dot(a, b) - M.reduce((sum, column) => sum + dot(column, a) * dot(column, b), 0);
      const deviation = Math.sqrt(Math.max(0, given(R, R)) + tau[k]! ** 2);
      const { mean, first, second } = featureMoments(student, dot(R, place), deviation, "student");
      return (
        readout.means[k]! * mean +
        (dot(c, place) * first) / deviation +
        ((given(c, R) + alongNorm * tau[k]!) * second) / (deviation * deviation)
      );
    };
  });
}

const ORTHONORMAL = 1e-9;

function requireOrthonormal(directions: readonly (readonly number[])[], m: number): void {
  const lists = Array.isArray(directions) && directions.length > 0 && directions.every((e) => isPoint(e, m));
  const product = (i: number, j: number) => dot(directions[i]!, directions[j]!) - (i === j ? 1 : 0);
  if (lists && directions.every((_, i) => directions.every((_e, j) => Math.abs(product(i, j)) <= ORTHONORMAL))) return;
  throw new ParameterError("directions", directions, `orthonormal vectors of ${m} finite number${m === 1 ? "" : "s"}`);
}

function requirePoint(t: readonly number[], count: number): void {
  if (isPoint(t, count)) return;
  throw new ParameterError("points", t, `lists of ${count} finite number${count === 1 ? "" : "s"}, one per direction`);
}

function isPoint(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every(Number.isFinite);
}
