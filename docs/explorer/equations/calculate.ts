import { curveRows } from "../../../src/equations/curve.ts";
import { systemOf } from "../../../src/equations/equations.ts";
import {
  type BranchEvent,
  ExpressionError,
  ParameterError,
  QuadratureError,
  saddlePoint,
  type SaddlePointDescription,
  type SaddlePointRow,
  type SaddlePointSolution,
} from "../../../src/equations/index.ts";
import type { EquationsRequest } from "./equationsState.ts";
import type { Blame } from "./placeOf.ts";

/** What is there of the answer to a request; each replaces the one before. */
export type EquationsMessage =
  | {
      readonly kind: "picture";
      readonly branches: readonly (readonly SaddlePointRow[])[];
      readonly events: readonly BranchEvent[];
      /** How a branch ended where it does not leave its window. */
      readonly ended?: string;
    }
  | { readonly kind: "solution"; readonly solution: SaddlePointSolution }
  | { readonly kind: "error"; readonly message: string; readonly blame: Blame };

/** Points of a curve. */
export const POINTS = 100;

/** Abscissae of a curve, with no more digits than they need. */
export function abscissae({ from, to }: Pick<EquationsRequest, "from" | "to">): number[] {
  return Array.from({ length: POINTS }, (_, i) => Number((from + ((to - from) * i) / (POINTS - 1)).toPrecision(12)));
}

/** Yields what there is to show, and nothing where it may be interrupted. */
export function* calculate(request: EquationsRequest): Generator<EquationsMessage | undefined> {
  try {
    const description = request.description as unknown as SaddlePointDescription;
    yield* request.task === "curve" ? curve(request, description) : branch(request, description);
    yield { kind: "solution", solution: saddlePoint(description).trySolve() };
  } catch (error) {
    yield errorMessage(error);
  }
}

/** Milliseconds after which a curve is shown that is not complete, as it grows. */
const SLOW = 150;

function* curve(
  request: EquationsRequest,
  description: SaddlePointDescription,
): Generator<EquationsMessage | undefined> {
  const begin = performance.now();
  const rows: SaddlePointRow[] = [];
  for (const row of curveRows(systemOf(description), { sweep: { [request.over]: abscissae(request) } })) {
    rows.push(row);
    yield performance.now() - begin > SLOW ? { kind: "picture", branches: [[...rows]], events: [] } : undefined;
  }
  yield { kind: "picture", branches: [rows], events: [] };
}

const ENDS = {
  window: undefined,
  range: "The branch ends where an unknown arrives at an end of its range.",
  length: "The branch was not followed further: it is very long.",
  singular: "The last points are left out: the equations are singular there, and no error can be estimated.",
  stuck: "The branch was not followed further: no smaller step succeeds.",
};

function* branch(
  { over, from, to, follow }: EquationsRequest,
  description: SaddlePointDescription,
): Generator<EquationsMessage | undefined> {
  const found = saddlePoint(description).branch({ over, from, to, follow });
  if (found.status !== "converged") {
    const message = `no solution where the branch begins, at ${over} = ${from}: ${found.detail}`;
    yield { kind: "error", message, blame: {} };
    return;
  }
  const ended = ENDS[found.ended];
  const branches = [found.rows, ...found.followed];
  yield { kind: "picture", branches, events: found.events, ...(ended !== undefined && { ended }) };
}

function errorMessage(error: unknown): EquationsMessage {
  if (error instanceof ExpressionError) {
    const { parameter, place, reason } = error;
    const blame = { ...(parameter !== undefined && { parameter }), ...(place && { offset: place.offset }) };
    return { kind: "error", message: reason, blame };
  }
  if (error instanceof QuadratureError) {
    const { place, integrand, formula, reason } = error;
    const blame = place ? { fragment: integrand, offset: place.offset, ...(formula && { formula }) } : {};
    return { kind: "error", message: `the average does not exist here: ${reason}`, blame };
  }
  if (error instanceof ParameterError) {
    const { parameter, value, legal } = error;
    const isName = parameter === "name";
    const what = isName ? String(value) : parameter;
    return {
      kind: "error",
      message: `${what}: ${value === undefined || isName ? "" : "must be "}${legal}`,
      blame: { parameter: what },
    };
  }
  return { kind: "error", message: error instanceof Error ? error.message : String(error), blame: {} };
}
