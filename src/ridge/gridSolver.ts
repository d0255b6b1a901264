import { basisFunctions, identityBasis, linearBasis, tracesInBasis } from "../bulk/linearBasis.ts";
import {
  type LinearBasis,
  type PriorPrecision,
  type ResolventSolution,
  type Source,
  sourcesOf,
  type WeightResolvent,
} from "../bulk/weightResolvent.ts";
import { solveFixedPoint } from "../numerics/fixedPoint.ts";
import { dot } from "../numerics/linearAlgebra.ts";
import { refinedTable } from "../problem/grid.ts";
import type { Table } from "../problem/table.ts";
import { accuracy, cancellation, ROUNDING_OF_SQUARES } from "./accuracy.ts";
import { toCoordinates, traceUnits } from "./coordinates.ts";
import {
  type Averages,
  averagesOf,
  linearResponse,
  normSource,
  observables,
  risk,
  susceptibilityAt,
  susceptibilityBasis,
} from "./equations.ts";
import { featureRank, type RidgePoint, type ScaledPoint, scaledPoint } from "./limits.ts";
import { atFiniteSize, COMPARED_DIMENSION, type FiniteSize, isNeedless, isNotable, shiftBound } from "./finiteSize.ts";
import { Readout, type ReadoutFit } from "./readout.ts";
import { basisRegressors, channelRegressors, type Regressors } from "./regressors.ts";
import {
  failure,
  type GroupSolution,
  type Overlaps,
  overlapsOf,
  type RidgeFailure,
  type RidgeSolution,
} from "./solution.ts";
import { coldStart, extrapolate, remember, type WarmStart } from "./start.ts";
import { TraceEquations } from "./traceEquations.ts";
import { mapped } from "../numerics/mapped.ts";

/** A solution on one grid. */
export interface GridSolution {
  readonly status: "converged";
  readonly solution: RidgeSolution;
  /** Relative error of the averages that the grid causes. */
  readonly gridError: number;
  /** The same by what is not known of saturated features. */
  readonly saturation: number;
  readonly groups: GroupSolution;
}

/** As far as 1/V² stays a number on nodes that lie beyond, for features that freeze there. */
const FAR_ABOVE = 1e110;
/** The rounding of V(κ), in units of its own, from which on another basis is taken; and the residual of the fixed point. */
const MOST_CANCELLATION = 4;
const LEAST_RESIDUAL = 1e-13;

const OPTIONS = { maxIterations: 60, tolerance: 2e-13, maxStep: 3 };

export interface GridOptions {
  readonly bulk: WeightResolvent;
  /** Whether solutions say how far finite networks are from them. */
  readonly finiteSize: boolean;
}

/** The linear part of theory §4 for one prior. */
export interface LinearPart {
  readonly fit: ReadoutFit;
  /** Of the channels. */
  readonly coefficients: Float64Array;
  /** Λ/α of the regressors. */
  readonly stiffness: Float64Array;
  readonly source: Float64Array;
  /** (α/β)∂(tᵀΛt/α)/∂y: what of the norms the inputs have no part in. */
  readonly direct: Float64Array;
  readonly prior: PriorPrecision;
  /** (Q1′, Q2) */
  readonly Q: Float64Array;
}

/** A solution on its grid and in its basis (theory §4), from which follows what two predictors have in common (statistics §3). */
export interface SolvedState {
  readonly table: Table;
  readonly basis: LinearBasis;
  readonly point: ScaledPoint;
  readonly averages: Averages;
  /** t, of the channels. */
  readonly coefficients: Float64Array;
  /** (V1, g), and on the nodes 1/(δ + τV) with its square and the bias. */
  readonly traces: Float64Array;
  readonly damping: Float64Array;
  readonly square: Float64Array;
  readonly bias: Float64Array;
  /** H */
  readonly slopes: Float64Array;
  /** (Q1′, Q2) */
  readonly norms: Float64Array;
  /** ℛ, and (α/β)∂(tᵀΛt/α)/∂y. */
  readonly response: Float64Array;
  readonly direct: Float64Array;
  /** The same where g is held: of predictors with fresh weights, where the bulk has them. */
  readonly heldResponse: Float64Array | undefined;
  readonly heldDirect: Float64Array;
  /** What derivatives by α, β, λ and Δ need besides. */
  readonly derived: DerivedState;
}

/** How a solution came about. */
export interface DerivedState {
  readonly bulk: WeightResolvent;
  readonly solution: ResolventSolution;
  readonly conjugates: Float64Array;
  readonly sources: readonly Source[];
  readonly linear: LinearPart;
  readonly regressors: Regressors;
}

/** The solver of one model on one grid of κ, in one basis of the groups' functions: a workspace and the last solution. */
export class GridSolver {
  private readonly averages;
  private readonly regressors: Regressors;
  private readonly readout: Readout;
  private readonly equations: TraceEquations;
  private readonly z: Float64Array;
  private readonly bias: Float64Array;
  private readonly risk: Float64Array;
  private readonly scratch: Float64Array;
  private readonly overlaps: (solution: GroupSolution) => Overlaps;
  private readonly sources = new Map<number, readonly Source[]>();
  /** E of the label noise. */
  private readonly noise: number;
  private residual = Infinity;

  /** @param last a solution in the same basis */
  constructor(
    readonly table: Table,
    private readonly options: GridOptions,
    private readonly basis = firstBasis(table, options.bulk),
    private last?: WarmStart,
  ) {
    const { groups, weights } = table;
    const { bulk } = options;
    const mu1 = mapped(groups, (group) => group.mu1);
    const inBasis = bulk.anyBasis === true && groups.length > 1;
    const linear = inBasis ? basisFunctions(basis, mu1) : mu1;
    const phi = susceptibilityBasis(
      linear,
      mapped(groups, ({ mu2Squared }) => mu2Squared),
    );
    this.averages = averagesOf(phi, weights);
    this.regressors = inBasis ? basisRegressors(table, linear, basis) : channelRegressors(table);
    this.readout = new Readout(table, this.regressors.functions, this.regressors.scales);
    this.equations = new TraceEquations(this.averages, basis, bulk);
    this.overlaps = overlapsOf(table.problem.channels, groups.length);
    const { noise } = table.target;
    this.noise = noise.every((value) => value === noise[0]) ? noise[0]! : dot(weights, noise);
    this.z = new Float64Array(phi.length);
    this.bias = new Float64Array(weights.length);
    this.risk = new Float64Array(weights.length);
    this.scratch = new Float64Array(weights.length);
  }

  /** The last solution. */
  get start(): WarmStart | undefined {
    return this.last;
  }

  /** The solver, which starts from a solution of its own. */
  startingFrom(start: WarmStart): this {
    this.last = start;
    return this;
  }

  solve(at: RidgePoint): GridSolution | RidgeFailure {
    const { table, equations, z } = this;
    const features = featureRank(table, at.widthRatio);
    const { rank } = features;
    const point = scaledPoint(at, features);
    equations.point = point;
    // A warm start is worth it only in the same units.
    const { last } = this;
    const sameUnits = last?.point.delta === point.delta && last.point.susceptibility === point.susceptibility;
    const previous = sameUnits ? last : undefined;
    if (previous) extrapolate(previous, at, z);
    else coldStart(table, this.basis, point, rank, z);
    let outcome = solveFixedPoint(equations, z, OPTIONS);
    if (outcome.status !== "converged" && previous) {
      coldStart(table, this.basis, point, rank, z);
      outcome = solveFixedPoint(equations, z, OPTIONS);
    }
    this.residual = outcome.residual;
    this.last = outcome.status === "converged" ? remember(previous, at, z, point) : undefined;
    return outcome.status === "converged" ? this.observables(equations.solution!, outcome) : outcome;
  }

  /** Coefficients of the readout and norms of its fluctuations, which follow from the traces; `bias` becomes that of the fit. */
  private linearPart(solution: ResolventSolution, sources: readonly Source[]): LinearPart | RidgeFailure {
    const { equations, averages, readout, regressors, bias } = this;
    const { point } = equations;
    const prior = solution.priorPrecision(sources);
    const stiffness = prior && regressors.stiffness(prior.matrix, point.samples);
    if (!prior || !stiffness) return failure("diverged", "positivity of the prior covariance of the overlaps");
    const fit = readout.solve(equations.damping, stiffness);
    readout.bias(fit.t, bias);
    const coefficients = regressors.channels(fit.t, prior.matrix);
    const source = normSource(averages, bias, equations.square, point, this.scratch);
    const direct = perWidth(prior.slope(coefficients), point.widthRatio);
    // In units of the traces: without linear ridge those of the groups may be larger than V1 by any factor.
    const units = new Float64Array(source.length);
    traceUnits(equations.traces, this.basis.rank, units);
    const Q = linearResponse(solution.response, equations.slopes, source, direct, units);
    if (Q) return { fit, coefficients, stiffness, source, direct, prior, Q };
    const cause = point.delta === 0 ? " without ridge: features freeze at large κ" : "";
    return failure("diverged", `linear response of the norms is singular${cause}`);
  }

  /** The last solution with what observables of several predictors need; its arrays are its own. */
  state(): SolvedState {
    const { table, equations, averages, basis, bias } = this;
    const { point, traces, damping, square, slopes } = equations;
    const solution = equations.solution!;
    const sources = this.sourcesAt(point.widthRatio);
    const linear = this.linearPart(solution, sources) as LinearPart;
    const { prior, coefficients, direct, Q } = linear;
    const { bulk } = this.options;
    const conjugates = equations.conjugates.slice();
    const heldDirect = prior.heldSlope
      ? perWidth(prior.heldSlope(coefficients), point.widthRatio)
      : new Float64Array(Q.length);
    return {
      ...{ table, basis, point, coefficients, direct, heldDirect, averages, norms: Q, response: solution.response },
      ...{
        heldResponse: solution.heldResponse?.(),
        traces: traces.slice(),
        slopes: slopes.slice(),
        bias: bias.slice(),
      },
      ...{ damping: damping.slice(), square: square.slice() },
      derived: { bulk, solution, conjugates, sources, linear, regressors: this.regressors },
    };
  }

  /** The observables of theory §5 at the solution of the fixed point. */
  private observables(
    solution: ResolventSolution,
    { iterations, residual, error }: { iterations: number; residual: number; error: number },
  ): GridSolution | RidgeFailure {
    const { table, equations, averages, readout, bias } = this;
    const { weights } = table;
    const { point } = equations;
    const sources = this.sourcesAt(point.widthRatio);
    const linear = this.linearPart(solution, sources);
    if ("status" in linear) return linear;
    const { fit, stiffness, coefficients, source, Q } = linear;
    const { t } = fit;
    risk(averages.basis, Q, bias, this.risk);
    const { damping, square } = equations;
    const found = observables(weights, { risk: this.risk, bias, damping, square }, t, stiffness, this.scratch);
    const { testError, objective } = found;
    const trainError = point.delta * found.trainError;
    if (!Number.isFinite(testError)) return failure("non-finite", "test error is not finite");
    if (readout.targetSquare === 0 && t.some((value) => value !== 0)) {
      return failure("diverged", "rounding: the target is not 0, but its squares are below the smallest number");
    }
    // What is learned exactly leaves rounding, which no grid resolves.
    if (testError < ROUNDING_OF_SQUARES * readout.targetSquare) this.risk.fill(testError);
    const missed = dot(weights, bias);
    let norm = 0;
    for (let a = Q.length - table.groups.length; a < Q.length; a++) norm += Q[a]!;
    const solved = { point, risk: this.risk, testError, trainError, missed, objective, norm, fit, step: error };
    const judged = accuracy(table, equations, averages.basis, readout, solved, this.basis.rank > 1, this.scratch);
    if ("status" in judged) return judged;
    const groups = this.inGroups(solution, coefficients, Q, source);
    const finiteSize = this.options.finiteSize
      ? this.atFiniteSize(solution, linear, sources, testError, missed)
      : undefined;
    return {
      status: "converged",
      gridError: judged.grid,
      saturation: judged.saturation,
      groups,
      solution: {
        status: "converged",
        testError,
        excessRisk: testError - this.noise,
        trainError,
        objective: point.delta * objective,
        overlaps: this.overlaps(groups),
        iterations,
        residual,
        errorEstimate: judged.errorEstimate,
        ...(finiteSize && { finiteSize }),
      },
    };
  }

  /** The test error with a finite strength of the mean channels, if it differs notably: the traces do not depend on that. */
  private atFiniteSize(
    solution: ResolventSolution,
    { fit, coefficients, stiffness }: LinearPart,
    sources: readonly Source[],
    testError: number,
    missed: number,
  ): FiniteSize | undefined {
    const { equations, averages, readout, bias } = this;
    const finite = atFiniteSize(sources, coefficients);
    if (!finite) return undefined;
    const { weights, basis } = averages;
    const means = mapped(basis, (phi) => dot(weights, phi));
    const { delta, samples, susceptibility, widthRatio } = equations.point;
    if (basis.length === 2) {
      const precision = solution.priorPrecision(finite)?.matrix;
      const T = fit.t.length;
      const raised = Float64Array.from(fit.t, (_, i) => precision![i * (T + 1)]! / samples - stiffness[i * (T + 1)]!);
      const bound = shiftBound({
        costs: raised.map((value, i) => (finite[i] === sources[i] ? 0 : value)),
        column: (position) => readout.column(fit, position),
        t: fit.t,
        sizes: readout.sizes,
        missed,
        traces: equations.traces,
        response: solution.response,
        hessian: equations.slopes,
        means,
        scale: samples / widthRatio,
        // V/(1 + V)² is at most ¼.
        steepest: delta === 1 ? susceptibility / 4 : Math.max(...equations.damping),
      });
      if (isNeedless(bound, testError)) return undefined;
    }
    const linear = this.linearPart(solution, finite);
    if ("status" in linear) return undefined;
    const moved = dot(weights, bias) + means.reduce((sum, mean, a) => sum + mean * linear.Q[a]!, 0);
    return isNotable(moved, testError) ? { dimension: COMPARED_DIMENSION, testError: moved } : undefined;
  }

  private sourcesAt(widthRatio: number): readonly Source[] {
    let sources = this.sources.get(widthRatio);
    if (!sources) {
      this.sources.clear();
      sources = sourcesOf(this.table.problem.channels, widthRatio);
      this.sources.set(widthRatio, sources);
    }
    return sources;
  }

  /** The solution by groups: from the basis, if it is in one. */
  private inGroups(
    solution: ResolventSolution,
    coefficients: Float64Array,
    Q: Float64Array,
    source: Float64Array,
  ): GroupSolution {
    const { slopes, traces } = this.equations;
    const m = Q.length;
    if (!solution.inGroups) return { coefficients, norms: Q, traces: traces.slice() };
    const moved = source.map((value, a) => value + dot(slopes.subarray(a * m, (a + 1) * m), Q));
    return { coefficients, ...solution.inGroups(Q, moved) };
  }

  /** The same on a grid that resolves the last solution, and starting from it. */
  refined(tolerance: number): GridSolver {
    const { table, equations, basis, options } = this;
    const { point } = this.last!;
    const traces = equations.traces.slice();
    // Where only V counts beside 0, it is put far above 1.
    const average = equations.damping.reduce((sum, w, i) => sum + table.weights[i]! * w, 0);
    const scale = point.delta === 0 ? FAR_ABOVE * average : point.susceptibility;
    const finer = refinedTable(table.rows, (groups) => scale * susceptibilityAt(groups, traces, basis), tolerance);
    return new GridSolver(finer, options, basis, this.last && { z: this.last.z, point, at: this.last.at });
  }

  /**
   * The same in a basis of the groups' functions that is orthonormal where V(κ) of the last solution is not large, if that
   * loses fewer digits of V(κ), and starting from the solution.
   */
  rebased(): GridSolver | undefined {
    const { table, equations, basis, options, last } = this;
    if (options.bulk.anyBasis !== true || table.groups.length === 1 || basis.rank === 1 || !last) return undefined;
    const lost = cancellation(equations, this.averages.basis, last.point) > MOST_CANCELLATION;
    if (!(this.residual > LEAST_RESIDUAL || lost)) return undefined;
    const next = linearBasis(
      table.groups.map(({ mu1 }) => mu1),
      table.weights.map((w, i) => w * equations.damping[i]!),
    );
    const start = next.rank === basis.rank ? tracesInBasis(equations.traces, basis, next) : undefined;
    if (!start) return undefined;
    const moved = new Float64Array(this.z.length);
    toCoordinates(start, next.rank, moved);
    return new GridSolver(table, options, next, { z: moved, point: last.point, at: last.at });
  }
}

function perWidth(slope: Float64Array, widthRatio: number): Float64Array {
  for (let a = 0; a < slope.length; a++) slope[a]! /= widthRatio;
  return slope;
}

/** Where the bulk allows it, a basis of the groups' functions. */
function firstBasis({ groups, weights }: Table, { anyBasis }: WeightResolvent): LinearBasis {
  if (anyBasis !== true || groups.length === 1) return identityBasis(groups.length);
  return linearBasis(
    mapped(groups, ({ mu1 }) => mu1),
    weights,
  );
}
