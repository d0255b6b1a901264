import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import { type Bulk } from "../solver/bulk.ts";
import { coordinateJacobian, fromCoordinates, toCoordinates } from "../solver/traceMap.ts";
import { fieldsAt, type LocalArguments, type LocalFields, type SaddleState } from "./localState.ts";
import { DERIVATIVES, type LocalPotential, MEAN, second, SLOPE, SUSCEPTIBILITY, VARIANCE } from "./localPotential.ts";

/** A point in the form that has its limits: V = τΣφx with τ = `susceptibility` (0 at α = ∞). */
export interface LossPoint {
  readonly samples: number;
  readonly susceptibility: number;
  readonly ridge: number;
  readonly widthRatio: number;
}

/** Problem for `dampedNewton`: unknowns (coordinates of the traces, of the norms, coefficients). */
export interface SaddleProblem {
  readonly size: number;
  /** Fills the arrays below; a reason if that is impossible. */
  evaluate(u: Float64Array): string | undefined;
  /** F(u) − u of the equations themselves, coefficients in units of the field's spread. */
  readonly residual: Float64Array;
  /** Newton's step of u. */
  readonly newton: Float64Array;
  /** One sweep of the plain map: T(u) − u. */
  readonly sweep: Float64Array;
  /** Size of a step of u: the largest change of a logarithm, and the change of the field beside its spread. */
  sizeOf(step: Float64Array): number;
  unpack(u: Float64Array): SaddleState;
  pack(state: SaddleState): Float64Array;
}

/** Curvature of the loss term never falls below this fraction of its bound in a plain sweep (hinge at V → 0). */
const LEAST_CURVATURE = 0.01;
/** Relative step of the difference quotients through the bulk, where only Newton's step is at stake. */
const BULK_STEP = 1e-6;

export function saddleProblem(
  fields: LocalFields,
  groups: number,
  bulk: Bulk,
  point: LossPoint,
  potential: LocalPotential,
  curvatureBound: number,
  negligible: number,
): SaddleProblem {
  const { nodes, weights, basis, regressors, combination, channels } = fields;
  const { samples, susceptibility, ridge, widthRatio } = point;
  const N = nodes.length;
  const m = basis.length;
  const T = regressors.length;
  const size = 2 * m + T;
  const scale = samples / widthRatio;

  const state: SaddleState = {
    traces: new Float64Array(m),
    norms: new Float64Array(m),
    coefficients: new Float64Array(T),
  };
  // Derivatives of E P by (x, Q, t).
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const local = new Float64Array(DERIVATIVES);
  const field: LocalArguments = { M: 0, L: 0, s2: 0, V: 0 };
  const slots: { variable: number; values: Float64Array; factor: number }[] = [
    ...basis.map((values) => ({ variable: SUSCEPTIBILITY, values, factor: susceptibility })),
    ...basis.map((values) => ({ variable: VARIANCE, values, factor: 1 })),
    ...regressors.map((values, c) => ({ variable: c < channels ? MEAN : SLOPE, values, factor: 1 })),
  ];
  // Whether the regressor is a function at all, or a combination of channels that cancels.
  const present = regressors.map((X) => X.some((value) => value !== 0));
  const reach = nodes.map((_, i) => {
    let largest = 1;
    for (const X of regressors) largest = Math.max(largest, X[i]! * X[i]!);
    return weights[i]! * largest;
  });

  const residual = new Float64Array(size);
  const newton = new Float64Array(size);
  const sweep = new Float64Array(size);
  /** Averages of V and ω² at the last argument. */
  let [meanSusceptibility, meanSquare] = [0, 0];

  function unpack(u: Float64Array): SaddleState {
    fromCoordinates(u.subarray(0, m), groups, state.traces);
    fromCoordinates(u.subarray(m, 2 * m), groups, state.norms);
    physical(u.subarray(2 * m), state.coefficients);
    return state;
  }

  /** t = combination · τ */
  function physical(tau: Float64Array, t: Float64Array): Float64Array {
    for (let c = 0; c < T; c++) {
      t[c] = 0;
      for (let d = c; d < T; d++) t[c]! += combination[c * T + d]! * tau[d]!;
    }
    return t;
  }

  function pack({ traces, norms, coefficients }: SaddleState): Float64Array {
    const u = new Float64Array(size);
    toCoordinates(traces, groups, u.subarray(0, m));
    toCoordinates(norms, groups, u.subarray(m, 2 * m));
    u.set(coefficients, 2 * m);
    solveInPlace(combination.slice(), u.subarray(2 * m), T, 1);
    return u;
  }

  function sizeOf(step: Float64Array): number {
    let [largest, field] = [0, 0];
    for (let a = 0; a < 2 * m; a++) largest = Math.max(largest, Math.abs(step[a]!));
    for (let a = 2 * m; a < size; a++) field += step[a]! * step[a]!;
    return Math.max(largest, Math.sqrt(field) / (1 + Math.sqrt(meanSquare)));
  }

  function average(tau: Float64Array): void {
    gradient.fill(0);
    hessian.fill(0);
    meanSusceptibility = meanSquare = 0;
    const stiff = 1 / curvatureBound;
    const largest = largestSusceptibility();
    for (let i = 0; i < N; i++) {
      fieldsAt(fields, state, tau, susceptibility, i, field);
      // Far out, where features vanish, residuals weigh more.
      const amplified = ((stiff + largest) / (stiff + field.V)) ** 2;
      if (reach[i]! * amplified < negligible) continue;
      const { M, L, s2, V } = field;
      meanSusceptibility += weights[i]! * V;
      meanSquare += weights[i]! * (M * M + L * L + s2);
      potential.evaluate(nodes[i]!, M, L, s2, V, local);
      accumulate(i);
    }
    for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) hessian[a * size + b] = hessian[b * size + a]!;
  }

  function largestSusceptibility(): number {
    let largest = 0;
    for (let i = 0; i < N; i++) {
      let V = 0;
      for (let a = 0; a < m; a++) V += susceptibility * basis[a]![i]! * state.traces[a]!;
      largest = Math.max(largest, V);
    }
    return largest;
  }

  function accumulate(i: number): void {
    for (let a = 0; a < size; a++) {
      const left = slots[a]!;
      const factor = weights[i]! * left.factor * left.values[i]!;
      if (factor === 0) continue;
      gradient[a]! += factor * local[left.variable]!;
      for (let b = a; b < size; b++) {
        const right = slots[b]!;
        hessian[a * size + b]! +=
          factor * right.factor * right.values[i]! * local[second(left.variable, right.variable)]!;
      }
    }
  }

  /** What follows from the conjugates y, q̂ alone: traces, norms, stiffness. */
  const conjugates = new Float64Array(m);
  const normConjugates = new Float64Array(m);
  const image = new Float64Array(m);

  function throughBulk(y: Float64Array, t: Float64Array): { norms: Float64Array; stiffness: Float64Array } | string {
    const reason = bulk.solve(y, ridge, image);
    if (reason !== undefined) return reason;
    const stiffness = bulk.stiffness(samples);
    if (!stiffness) return "the prior covariance of the coefficients is not positive definite";
    return { norms: normsOf(t), stiffness: transformed(stiffness) };
  }

  /** combinationᵀ Λ combination */
  function transformed(stiffness: Float64Array): Float64Array {
    const right = multiply(stiffness, combination, T, T, T);
    const result = new Float64Array(T * T);
    for (let c = 0; c < T; c++) {
      for (let d = 0; d < T; d++) {
        for (let e = 0; e <= c; e++) result[c * T + d]! += combination[e * T + c]! * right[e * T + d]!;
      }
    }
    return result;
  }

  function normsOf(t: Float64Array): Float64Array {
    const norms = bulk.stiffnessDerivative(t, samples).slice();
    for (let a = 0; a < m; a++) {
      norms[a]! *= scale;
      for (let b = 0; b < m; b++) norms[a]! += bulk.response[a * m + b]! * normConjugates[b]!;
    }
    return norms;
  }

  function evaluate(u: Float64Array): string | undefined {
    unpack(u);
    const tau = u.subarray(2 * m);
    average(tau);
    const { traces, norms, coefficients: t } = state;
    for (let a = 0; a < m; a++) {
      conjugates[a] = 2 * scale * gradient[m + a]!;
      normConjugates[a] = susceptibility === 0 ? 0 : -2 * scale * gradient[a]!;
    }
    image.set(traces);
    const base = throughBulk(conjugates, t);
    if (typeof base === "string") return base;
    const response = bulk.response.slice();
    const imageTraces = image.slice();
    const pull = gradient.slice(2 * m);
    for (let c = 0; c < T; c++) for (let d = 0; d < T; d++) pull[c]! += base.stiffness[c * T + d]! * tau[d]!;

    const step = coefficientStep(base.stiffness, pull);
    const swept = tau.map((value, c) => value + step[c]!);
    const sweptNorms = normsOf(physical(swept, new Float64Array(T)));
    fill(residual, u, imageTraces, base.norms, step);
    fill(sweep, u, imageTraces, sweptNorms, step);
    newtonStep(imageTraces, base.norms, base.stiffness, response, pull, traces, norms, t, tau);
    return sweep.every(Number.isFinite) ? undefined : "the image of the saddle-point map is not finite";
  }

  function fill(out: Float64Array, u: Float64Array, x: Float64Array, Q: Float64Array, step: Float64Array): void {
    toCoordinates(x, groups, out.subarray(0, m));
    toCoordinates(Q, groups, out.subarray(m, 2 * m));
    for (let a = 0; a < 2 * m; a++) out[a]! -= u[a]!;
    out.set(step, 2 * m);
  }

  /** Newton's step for the coefficients at fixed traces and norms, with a floor on the curvature and a bounded length. */
  function coefficientStep(stiffness: Float64Array, pull: Float64Array): Float64Array {
    const matrix = Float64Array.from(stiffness);
    const floor = LEAST_CURVATURE / (meanSusceptibility + 1 / curvatureBound + 1e-300);
    for (let c = 0; c < T; c++) {
      for (let d = 0; d < T; d++) matrix[c * T + d]! += hessian[(2 * m + c) * size + 2 * m + d]!;
      const diagonal = matrix[c * T + c]!;
      if (present[c]) matrix[c * T + c] = Math.max(diagonal, floor);
      else if (diagonal === 0) matrix[c * T + c] = 1;
    }
    const step = pull.map((value) => -value);
    if (!solveInPlace(matrix, step, T, 1)) return step.fill(NaN);
    const length = Math.sqrt(step.reduce((sum, value) => sum + value * value, 0)) / (1 + Math.sqrt(meanSquare));
    return length > 1 ? step.map((value) => value / length) : step;
  }

  /** Differentiates the equations through the conjugates: the loss by its Hessian, the bulk by difference quotients. */
  function newtonStep(
    x: Float64Array,
    Q: Float64Array,
    stiffness: Float64Array,
    response: Float64Array,
    pull: Float64Array,
    traces: Float64Array,
    norms: Float64Array,
    t: Float64Array,
    tau: Float64Array,
  ): void {
    const jacobian = new Float64Array(size * size);
    const normSlopes = new Float64Array(m * m);
    const pullSlopes = new Float64Array(T * m);
    const reference = conjugateScale();
    const moved = new Float64Array(m);
    for (let b = 0; b < m; b++) {
      moved.set(conjugates);
      const h = BULK_STEP * reference[b]!;
      moved[b]! += h;
      image.set(x);
      const next = throughBulk(moved, t);
      if (typeof next === "string") return void newton.fill(NaN);
      for (let a = 0; a < m; a++) normSlopes[a * m + b] = (next.norms[a]! - Q[a]!) / h;
      for (let c = 0; c < T; c++) {
        let difference = 0;
        for (let d = 0; d < T; d++) {
          difference += (next.stiffness[c * T + d]! - stiffness[c * T + d]!) * tau[d]!;
        }
        pullSlopes[c * m + b] = difference / h;
      }
    }
    // Back at the base point, whose state the bulk keeps for the derivative by t.
    image.set(x);
    bulk.solve(conjugates, ridge, image);
    const byCoefficient = normSlopesByCoefficient(tau);

    for (let column = 0; column < size; column++) {
      for (let b = 0; b < m; b++) {
        const dy = 2 * scale * hessian[(m + b) * size + column]!;
        const dq = susceptibility === 0 ? 0 : -2 * scale * hessian[b * size + column]!;
        for (let a = 0; a < m; a++) {
          jacobian[a * size + column]! -= response[a * m + b]! * dy;
          jacobian[(m + a) * size + column]! += normSlopes[a * m + b]! * dy + response[a * m + b]! * dq;
        }
        for (let c = 0; c < T; c++) jacobian[(2 * m + c) * size + column]! -= pullSlopes[c * m + b]! * dy;
      }
      for (let c = 0; c < T; c++) jacobian[(2 * m + c) * size + column]! -= hessian[(2 * m + c) * size + column]!;
    }
    for (let c = 0; c < T; c++) {
      for (let a = 0; a < m; a++) jacobian[(m + a) * size + 2 * m + c]! += byCoefficient[c]![a]!;
      for (let d = 0; d < T; d++) jacobian[(2 * m + c) * size + 2 * m + d]! -= stiffness[c * T + d]!;
    }
    solveNewton(jacobian, x, Q, pull, traces, norms);
  }

  function conjugateScale(): Float64Array {
    const top = conjugates.reduce((most, value) => Math.max(most, Math.abs(value)), ridge);
    return conjugates.map((value) => Math.max(Math.abs(value), 1e-3 * top, Number.MIN_VALUE * 1e20));
  }

  /** (α/β) ∂/∂τ_c of the stiffness derivative: exact, because that is quadratic in τ. */
  function normSlopesByCoefficient(tau: Float64Array): Float64Array[] {
    return Array.from(tau, (value, c) => {
      const h = Math.max(Math.abs(value), 1e-3 * (1 + Math.sqrt(meanSquare)));
      const side = (sign: number) => {
        const shifted = tau.slice();
        shifted[c]! += sign * h;
        return bulk.stiffnessDerivative(physical(shifted, new Float64Array(T)), samples).slice();
      };
      const [up, down] = [side(1), side(-1)];
      return up.map((entry, a) => (scale * (entry - down[a]!)) / (2 * h));
    });
  }

  /** Solves (I − T′) s = T − u in the coordinates, where traces and norms enter by their logarithms. */
  function solveNewton(
    jacobian: Float64Array,
    x: Float64Array,
    Q: Float64Array,
    pull: Float64Array,
    traces: Float64Array,
    norms: Float64Array,
  ): void {
    const columns = [coordinateJacobian(traces, groups), coordinateJacobian(norms, groups)];
    const rows = [coordinateJacobian(x, groups), coordinateJacobian(Q, groups)];
    const matrix = new Float64Array(size * size);
    for (let row = 0; row < size; row++) {
      for (let block = 0; block < 2; block++) {
        const change = columns[block]!;
        for (let b = 0; b < m; b++) {
          let sum = 0;
          for (let a = 0; a < m; a++) sum += jacobian[row * size + block * m + a]! * change[a * m + b]!;
          matrix[row * size + block * m + b] = sum;
        }
      }
      for (let c = 2 * m; c < size; c++) matrix[row * size + c] = jacobian[row * size + c]!;
    }
    for (let block = 0; block < 2; block++) {
      const section = matrix.slice(block * m * size, (block + 1) * m * size);
      if (!solveInPlace(rows[block]!, section, m, size)) return void newton.fill(NaN);
      matrix.set(section, block * m * size);
    }
    for (let a = 0; a < size * size; a++) matrix[a] = -matrix[a]!;
    for (let a = 0; a < 2 * m; a++) matrix[a * size + a]! += 1;
    newton.set(residual);
    for (let c = 0; c < T; c++) {
      const at = 2 * m + c;
      newton[at] = -pull[c]!;
      // An unpenalised combination that vanishes everywhere has no equation and keeps its value.
      if (!present[c] && matrix[at * size + at] === 0) matrix[at * size + at] = 1;
    }
    if (!solveInPlace(matrix, newton, size, 1)) newton.fill(NaN);
  }

  return { size, evaluate, residual, newton, sweep, sizeOf, unpack, pack };
}
