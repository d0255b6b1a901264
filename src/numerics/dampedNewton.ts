/** Equations with Newton's step and a plain map u ← T(u) for where Newton's does not reduce the residual. */
export interface DampedProblem {
  /** Fills the arrays; a reason if the equations cannot be evaluated at u. */
  evaluate(u: Float64Array): string | undefined;
  readonly residual: Float64Array;
  readonly newton: Float64Array;
  /** T(u) − u */
  readonly sweep: Float64Array;
  /** Size of a step or of a residual; NaN if an entry is. */
  sizeOf(step: Float64Array): number;
}

export interface DampedOptions {
  readonly maxEvaluations: number;
  /** Largest entry, of the Newton step that ends the iteration; the step is still taken. */
  readonly tolerance: number;
  /** Largest entry, of any step. */
  readonly maxStep: number;
}

export type DampedOutcome =
  | {
      readonly status: "converged";
      readonly evaluations: number;
      /** Largest entry of the residual at the last evaluation. */
      readonly residual: number;
      /** Largest entry of the last Newton step: to first order the error before it. */
      readonly error: number;
    }
  | {
      readonly status: "max-iterations" | "diverged" | "non-finite";
      readonly evaluations: number;
      readonly residual: number;
      readonly detail: string;
    };

/** A Newton step of scale s has to reduce the residual by this part of s. */
const SUFFICIENT = 0.2;
const MOST_HALVINGS = 3;
/** A Newton step this many times longer than the longest step allowed is not to be trusted. */
const FARTHEST = 3;
/** Plain sweeps after a failed Newton step before the next is tried; doubled every time. */
const FIRST_SWEEPS = 3;
/** A residual at rounding ends the iteration, whatever Newton's step: its matrix may be singular. */
const ROUNDING = 1e-15;
/** A stagnating iteration is accepted below this Newton step, which is then its error estimate. */
const ACCEPTABLE = 1e-8;

/**
 * Newton's method with backtracking on the largest residual, and damped plain sweeps where that fails: their factor is
 * halved when successive residuals turn around and grows otherwise.
 *
 * @param u start; becomes the solution
 */
export function dampedNewton(problem: DampedProblem, u: Float64Array, options: DampedOptions): DampedOutcome {
  const { maxEvaluations, tolerance, maxStep } = options;
  const base = Float64Array.from(u);
  const newton = new Float64Array(u.length);
  const sweep = new Float64Array(u.length);
  const previous = new Float64Array(u.length);
  let factor = 0.5;
  let sweepsLeft = 0;
  let nextSweeps = FIRST_SWEEPS;
  let evaluations = 0;

  const evaluate = (): string | undefined => {
    evaluations++;
    return problem.evaluate(u);
  };
  const move = (step: Float64Array, scale: number): void => {
    for (let i = 0; i < u.length; i++) u[i] = base[i]! + scale * step[i]!;
  };

  const reason = evaluate();
  if (reason !== undefined) return { status: "non-finite", evaluations, residual: NaN, detail: reason };
  let merit = problem.sizeOf(problem.residual);
  for (;;) {
    const step = problem.sizeOf(problem.newton);
    base.set(u);
    newton.set(problem.newton);
    sweep.set(problem.sweep);
    if (step <= tolerance) {
      move(newton, 1);
      return { status: "converged", evaluations, residual: merit, error: step };
    }
    if (merit <= ROUNDING) return { status: "converged", evaluations, residual: merit, error: merit };
    if (evaluations >= maxEvaluations) break;
    if (sweepsLeft === 0 && step <= FARTHEST * maxStep) {
      const accepted = tryNewton(step);
      if (accepted) continue;
      if (step < ACCEPTABLE && merit < ACCEPTABLE) {
        u.set(base);
        const again = evaluate();
        if (again === undefined) return { status: "converged", evaluations, residual: merit, error: step };
      }
      sweepsLeft = nextSweeps;
      nextSweeps = Math.min(64, 2 * nextSweeps);
    }
    const failure = plainSweep();
    if (failure !== undefined) return { status: "diverged", evaluations, residual: merit, detail: failure };
    if (sweepsLeft > 0) sweepsLeft--;
  }
  return { status: "max-iterations", evaluations, residual: merit, detail: `residual ${merit.toExponential(2)} left` };

  function tryNewton(step: number): boolean {
    let scale = Math.min(1, maxStep / step);
    for (let attempt = 0; attempt <= MOST_HALVINGS; attempt++, scale *= 0.3) {
      move(newton, scale);
      if (evaluate() !== undefined) continue;
      const reached = problem.sizeOf(problem.residual);
      if (reached <= (1 - SUFFICIENT * scale) * merit) {
        merit = reached;
        return true;
      }
    }
    return false;
  }

  function plainSweep(): string | undefined {
    let turn = 0;
    for (let i = 0; i < u.length; i++) turn += sweep[i]! * previous[i]!;
    factor = turn < 0 ? Math.max(0.1, 0.5 * factor) : Math.min(1, 1.5 * factor);
    previous.set(sweep);
    const length = problem.sizeOf(sweep);
    if (!Number.isFinite(length)) return "a sweep is not finite";
    move(sweep, factor * Math.min(1, maxStep / length));
    const failure = evaluate();
    merit = failure === undefined ? problem.sizeOf(problem.residual) : NaN;
    return failure;
  }
}
