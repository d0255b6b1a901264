/** The value as the user wrote it, short enough for one line of a message. Whatever it is: a message must not fail. */
export function show(value: unknown): string {
  if (typeof value === "function") return `function ${value.name || "(anonymous)"}`;
  if (value === null || (typeof value !== "object" && typeof value !== "string")) return String(value);
  const text = asJson(value) ?? Object.prototype.toString.call(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

/** Undefined for what JSON cannot say: a circle, nesting that exceeds the stack, a `toJSON` that throws. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, item: unknown) => {
      const hasJson = typeof item !== "bigint" && (typeof item !== "number" || Number.isFinite(item));
      return hasJson ? item : String(item);
    });
  } catch {
    return undefined;
  }
}

/** A parameter outside its legal range; thrown before any work starts. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
  constructor(
    /** Exported name of the parameter, as in the JSON interface. */
    readonly parameter: string,
    readonly value: unknown,
    /** The legal range, in words. */
    readonly legal: string,
  ) {
    super(`${parameter} = ${show(value)} is not legal: ${legal}`);
  }
}

/** A learning rate at which a gradient step diverges: illegal for its neighbours' sake, which a search or a curve may have made so. */
export class DivergingRateError extends ParameterError {}

/**
 * Refuses what lacks the fields that are needed: those who write plain JavaScript have no types that say that a model is wanted where
 * they give its description.
 *
 * @throws ParameterError
 */
export function requireFields(name: string, value: unknown, fields: readonly string[], legal: string): void {
  const object = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  if (!object || fields.some((field) => object[field] === undefined)) throw new ParameterError(name, value, legal);
}

/**
 * Refuses what is no description at all, before a field of it is read.
 *
 * @throws ParameterError
 */
export function requireDescription(description: unknown): void {
  requireFields("description", description, [], "an object with model, student, target, …");
}

/** What is wanted where a description is often given. */
export const MODEL_WORDS = "a model, as featureModel(description) makes it";
/** The coordinates of a point of a model. */
export const POINT_WORDS = "an object with sampleRatio, widthRatio and ridge";

/**
 * Refuses what is no list.
 *
 * @throws ParameterError
 */
export function requireList(name: string, value: unknown, legal: string): void {
  if (!Array.isArray(value)) throw new ParameterError(name, value, legal);
}

/** Where something stands in a formula. */
export interface Place {
  /** Characters before it, from 0. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A formula that cannot be read, or uses a symbol or function that is not allowed. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  constructor(
    readonly expression: string,
    readonly reason: string,
    /** The parameter that carried it, e.g. "student", where it is known. */
    readonly parameter?: string,
    /** Where in the formula, if that is known. */
    readonly place?: Place,
  ) {
    const where = place ? ` (line ${place.line}, column ${place.column})` : "";
    super(`${parameter === undefined ? "expression" : `${parameter} =`} ${show(expression)}${where}: ${reason}`);
  }
}

/** A Gaussian average that does not exist, does not converge, or meets a non-finite integrand. */
export class QuadratureError extends Error {
  override readonly name = "QuadratureError";
  constructor(
    /** What was averaged, e.g. "target". */
    readonly integrand: string,
    readonly reason: string,
    /** Where it happened, when a single point is to blame. */
    readonly at?: number,
    /** Where in its formula the average stands, if that is known. */
    readonly place?: Place,
    /** The formula, as "equations.q". */
    readonly formula?: string,
  ) {
    const where = place ? `${formula ? ` in ${formula}` : ""} (line ${place.line}, column ${place.column})` : "";
    super(`average of ${integrand}${where}: ${reason}`);
  }
}

/** An iteration that ended without meeting its residual test. Carries why it ended and at which parameters. */
export class ConvergenceError extends Error {
  override readonly name = "ConvergenceError";
  constructor(
    readonly status: "max-iterations" | "diverged" | "non-finite" | "end-reached",
    readonly detail: string,
    readonly residual: number,
    readonly parameters: Readonly<Record<string, unknown>>,
  ) {
    super(`${status} (residual ${residual.toExponential(2)}) at ${show(parameters)}: ${detail}`);
  }
}
