import { ExpressionError, ParameterError, QuadratureError } from "../../src/errors.ts";
import { DEFAULT_STATE, type FieldErrors, type FieldName, type StepFieldName } from "./state.ts";

/** What is wrong, at the fields where it can be put right. */
export interface ErrorMessage {
  readonly kind: "errors";
  readonly errors: FieldErrors;
  readonly general?: string;
}

type ExpectedError = ParameterError | ExpressionError | QuadratureError;

export function isExpected(error: unknown): error is ExpectedError {
  return [ParameterError, ExpressionError, QuadratureError].some((type) => error instanceof type);
}

/** The message of an error at the field that caused it. */
export function errorMessage(error: unknown): ErrorMessage {
  if (error instanceof ParameterError) return atField(error.parameter, `must be ${error.legal}`);
  if (error instanceof ExpressionError) return atField(error.parameter ?? "student", error.reason);
  if (error instanceof QuadratureError) return atField(error.integrand, error.message);
  return { kind: "errors", errors: {}, general: error instanceof Error ? error.message : String(error) };
}

function atField(name: string, message: string): ErrorMessage {
  const of = /^steps\[(\d+)\]\.(\w+)$/.exec(name);
  if (of && of[1] !== "0") return { kind: "errors", errors: { [name as StepFieldName]: message } };
  const field = of?.[2] ?? name.replace(/\[.*$/, "");
  if (Object.hasOwn(DEFAULT_STATE, field) && field !== "steps")
    return { kind: "errors", errors: { [field as FieldName]: message } };
  return { kind: "errors", errors: {}, general: `${name}: ${message}` };
}
