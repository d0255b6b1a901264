import type { LinearBasis, ResolventSolution, WeightResolvent } from "../bulk/weightResolvent.ts";
import type { FixedPointProblem } from "../numerics/fixedPoint.ts";
import { coordinateJacobian, fromCoordinates, toCoordinates } from "./coordinates.ts";
import { type Averages, conjugates, conjugateSlopes, damping, newtonStep } from "./equations.ts";
import type { ScaledPoint } from "./limits.ts";

const SMALLEST_SUSCEPTIBILITY = 1e-200;

/**
 * The plain map of theory §4 from the traces to the traces, in logarithms, with its Newton step: the workspace of one model on
 * one grid. The arrays are those of the last `evaluate`.
 */
export class TraceEquations implements FixedPointProblem {
  /** (V1, g) at the last argument. */
  readonly traces: Float64Array;
  /** 1/(δ + τV), and its square. */
  readonly damping: Float64Array;
  readonly square: Float64Array;
  readonly conjugates: Float64Array;
  /** H */
  readonly slopes: Float64Array;
  readonly residual: Float64Array;
  newton: Float64Array;
  /** The bulk at the conjugates; its traces are the image of those above. */
  solution: ResolventSolution | undefined;
  private readonly image: Float64Array;
  /** Where the equations are solved; to be set before. */
  point: ScaledPoint = { samples: NaN, delta: 1, susceptibility: 1, ridge: NaN, widthRatio: NaN };

  constructor(
    private readonly averages: Averages,
    private readonly basis: LinearBasis,
    private readonly bulk: WeightResolvent,
  ) {
    const m = averages.basis.length;
    const N = averages.weights.length;
    this.traces = new Float64Array(m);
    this.damping = new Float64Array(N);
    this.square = new Float64Array(N);
    this.conjugates = new Float64Array(m);
    this.slopes = new Float64Array(m * m);
    this.residual = new Float64Array(m);
    this.newton = new Float64Array(m);
    this.image = new Float64Array(m);
  }

  evaluate(z: Float64Array): string | undefined {
    const { averages, point, traces, square, residual, image } = this;
    const { rank } = this.basis;
    fromCoordinates(z, rank, traces);
    damping(averages.basis, traces, point, this.damping);
    if (point.delta === 0) this.floorSusceptibility();
    conjugates(averages, this.damping, point, this.conjugates);
    for (let i = 0; i < square.length; i++) square[i] = this.damping[i]! * this.damping[i]!;
    conjugateSlopes(averages, square, point, this.slopes);
    const solution = this.bulk.solve({
      widthRatio: point.widthRatio,
      ridge: point.ridge,
      conjugates: this.conjugates,
      traces,
      near: this.solution,
      basis: this.basis,
    });
    this.solution = typeof solution === "string" ? undefined : solution;
    if (typeof solution === "string") return solution;
    toCoordinates(solution.traces, rank, image);
    for (let a = 0; a < z.length; a++) residual[a] = image[a]! - z[a]!;
    if (z.length === 2) this.scalarNewton(solution);
    else {
      const jacobians = [coordinateJacobian(traces, rank), coordinateJacobian(solution.traces, rank)] as const;
      this.newton = newtonStep(solution.response, this.slopes, residual, ...jacobians);
    }
    return undefined;
  }

  /** Where nothing stands beside V, a V that underflows the averages counts as this fraction of its largest value. */
  private floorSusceptibility(): void {
    const damp = this.damping;
    let least = Infinity;
    for (let i = 0; i < damp.length; i++) least = Math.min(least, damp[i]!);
    for (let i = 0; i < damp.length; i++) damp[i] = Math.min(damp[i]!, least / SMALLEST_SUSCEPTIBILITY);
  }

  /** `newtonStep` for K = 1, where everything is 2×2: (I − diag(1/X) ℛH diag(x))⁻¹ r. */
  private scalarNewton({ response: R, traces: X }: ResolventSolution): void {
    const { slopes: H, traces: x, residual, newton } = this;
    const j00 = 1 - ((R[0]! * H[0]! + R[1]! * H[2]!) * x[0]!) / X[0]!;
    const j01 = -((R[0]! * H[1]! + R[1]! * H[3]!) * x[1]!) / X[0]!;
    const j10 = -((R[2]! * H[0]! + R[3]! * H[2]!) * x[0]!) / X[1]!;
    const j11 = 1 - ((R[2]! * H[1]! + R[3]! * H[3]!) * x[1]!) / X[1]!;
    const determinant = j00 * j11 - j01 * j10;
    newton[0] = (j11 * residual[0]! - j01 * residual[1]!) / determinant;
    newton[1] = (j00 * residual[1]! - j10 * residual[0]!) / determinant;
  }
}
