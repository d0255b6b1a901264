import type { SweptName } from "../parameters/table.ts";
import { checkSwept, type EveryDescription, rowSolver, sweptValue, withSwept } from "../curve/sweep.ts";
import { ConvergenceError, ParameterError, requireList } from "../errors.ts";
import { differencesBy } from "./differences.ts";
import { exactDerivatives } from "./exactDerivatives.ts";
import { legalRange } from "./legalRange.ts";
import { type Derivative, numbersOf, type PointDerivatives, type PointEstimates } from "./numbersOf.ts";
import type { Estimate } from "../numerics/stencil.ts";

/** Sensitivities of a point to its parameters. */
export type Derivatives = Readonly<Partial<Record<SweptName, PointDerivatives>>>;

/**
 * Derivatives of the errors, the objective and the overlaps by parameters of the description. By α, β, λ, and by label noise that
 * no step has used, they follow from the saddle point of any loss by the implicit function theorem where the rows of the weights are
 * isotropic or those of one gradient step, and on features of any covariance. Classification errors, and the training error of losses of
 * residuals, are then differences of the averages alone along the response of the state. All others, or where their error is smaller, are
 * differences of solutions, of sixth order on the natural scale of the parameter, with the error that truncation and rounding leave. At
 * λ = 0 those by λ are from above, and V is there in units of 1/λ, as in the solution.
 *
 * @param names parameters that a curve may run over, finite in the description
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if a point that the differences need has no solution
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
 * const { ridge } = derivatives(model, ["ridge"]);
 * const { Q2 } = solve(model).overlaps;
 * Math.abs(ridge.objective.value - Q2[0]) < 1e-9; // true
 */
export function derivatives(description: EveryDescription, names: readonly SweptName[]): Derivatives {
  requireList("names", names, "a list of the parameters to take derivatives by");
  checkNames(description, names);
  const solveRow = rowSolver();
  const numbersAt = (name: SweptName, value: number): Map<string, Estimate> => {
    const result = solveRow(withSwept(description, { [name]: value }) as EveryDescription);
    if (result.status !== "converged") {
      throw new ConvergenceError(result.status, result.detail, result.residual, { [name]: value });
    }
    return numbersOf(result);
  };
  const exact = names.length === 0 ? undefined : exactDerivatives(description);
  return Object.fromEntries(
    names.map((name) => {
      const implicit = exact?.(name);
      if (implicit && isResolved(implicit, valueOf(description, name))) return [name, implicit];
      const differences = differencesBy(name, valueOf(description, name), legalRange(name, description), (value) =>
        numbersAt(name, value),
      );
      return [name, better(differenced(differences), implicit ?? {})];
    }),
  );
}

/** Error of the implicit function theorem beside 1 from which on differences may be better: near singular points. */
const RESOLVED = 1e-7;

/** Whether the errors that people read are known well, on the natural scale of the parameter. */
function isResolved(numbers: PointEstimates, parameter: number): boolean {
  const inner = Math.abs(parameter) || 1;
  return Object.values(numbers).every(({ value, error }) => error <= RESOLVED * (Math.abs(value) + 1 / inner));
}

function differenced(numbers: PointEstimates): PointDerivatives {
  const entries = Object.entries(numbers).map(([key, { value, error }]): [string, Derivative] => [
    key,
    { value, error, method: "difference" },
  ]);
  return Object.fromEntries(entries);
}

/** The one of less error of each number. */
function better(first: PointDerivatives, second: PointDerivatives): PointDerivatives {
  return Object.fromEntries(
    Object.entries(first).map(([key, one]) => {
      const other = second[key];
      return [key, other && other.error < one.error ? other : one];
    }),
  );
}

function checkNames(description: EveryDescription, names: readonly SweptName[]): void {
  for (const [i, name] of names.entries()) {
    checkSwept("derivatives", name, description);
    if (names.indexOf(name) < i) throw new ParameterError("names", name, "every parameter once");
    const value = valueOf(description, name);
    if (!Number.isFinite(value)) throw new ParameterError(name, value, "a finite number, to take a derivative by it");
  }
}

function valueOf(description: EveryDescription, name: SweptName): number {
  const value = sweptValue(description, name) ?? (name === "labelNoise" ? 0 : NaN);
  return typeof value === "number" ? value : NaN;
}
