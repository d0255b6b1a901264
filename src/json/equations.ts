import { ParameterError } from "../errors.ts";
import { type BranchOptions, saddlePoint, type SaddlePointDescription } from "../equations/index.ts";
import type { Case } from "./cases.ts";
import { type Fields, forCase, type JsonResult } from "./results.ts";

/**
 * Solves cases in the format of saddle-point descriptions, one result each: the solution from the start; with `branch: {over, from,
 * to}` the branch, with `sweep: {name: [values]}` the curve, with `all: true` every solution that is found.
 */
export function* equationCases(cases: Iterable<Case>): Generator<JsonResult> {
  for (const item of cases) yield forCase(item, solveFields);
}

const BRANCH_FIELDS = ["over", "from", "to", "follow"];

function solveFields({ branch, sweep, all, ...description }: Fields): JsonResult {
  const problem = saddlePoint(description as unknown as SaddlePointDescription);
  const tasks = Object.entries({ branch, sweep, all }).filter(([, value]) => value !== undefined && value !== false);
  if (tasks.length > 1) {
    const [, [name, value]] = tasks as [unknown, [string, unknown]];
    throw new ParameterError(name, value, "one of branch, sweep and all");
  }
  if (branch !== undefined) return { ...problem.branch(readBranch(branch)) };
  if (sweep !== undefined) return { status: "converged", rows: problem.curve({ sweep: readSweep(sweep) }) };
  if (all !== undefined && typeof all !== "boolean") throw new ParameterError("all", all, "true or false");
  if (all === true) return { status: "converged", solutions: problem.solutions() };
  return { ...problem.trySolve() };
}

/** The window of a branch. */
export function readBranch(value: unknown): BranchOptions {
  if (typeof value !== "object" || value === null)
    throw new ParameterError("branch", value, "an object with over, from and to");
  const unknown = Object.keys(value).find((name) => !BRANCH_FIELDS.includes(name));
  if (unknown !== undefined)
    throw new ParameterError(`branch.${unknown}`, value, `legal are ${BRANCH_FIELDS.join(", ")}`);
  const { over, from, to, follow = false } = value as Fields;
  if (typeof over !== "string") throw new ParameterError("branch.over", over, "the name of a parameter");
  for (const [name, end] of Object.entries({ from, to })) {
    if (typeof end !== "number") throw new ParameterError(`branch.${name}`, end, "a finite number");
  }
  if (typeof follow !== "boolean") throw new ParameterError("branch.follow", follow, "true or false");
  return { over, from: from as number, to: to as number, follow };
}

function readSweep(value: unknown): Record<string, number[]> {
  const isList = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((item) => typeof item === "number");
  if (typeof value === "object" && value !== null && Object.values(value).every(isList))
    return value as Record<string, number[]>;
  throw new ParameterError("sweep", value, "an object with a list of numbers for each parameter that varies");
}
