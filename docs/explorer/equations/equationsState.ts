import { type ProblemText, type Range, readProblem } from "./problemText.ts";

/** Everything that the page on equations shows follows from this. What is empty is as the problem says, or as usual. */
export interface EquationsState {
  /** The problem, as typed. */
  text: string;
  task: TaskName | "";
  /** The parameter along the axis, and its range. */
  over: string;
  from: string;
  to: string;
  follow: boolean;
  /** Unknowns and observables that are drawn, with commas between them. */
  quantities: string;
}

export const TASKS = ["curve", "branch"] as const;
export type TaskName = (typeof TASKS)[number];

export const EMPTY_STATE: Readonly<EquationsState> = {
  text: "",
  task: "",
  over: "",
  from: "",
  to: "",
  follow: false,
  quantities: "",
};

/** The state as the hash of an address: the whole problem. */
export function toHash(state: EquationsState): string {
  const entries = Object.entries(state).filter(([name, value]) => value !== EMPTY_STATE[name as keyof EquationsState]);
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
}

/** The state of a hash; what is missing or unknown is as when empty. */
export function fromHash(hash: string): EquationsState {
  const state: EquationsState = { ...EMPTY_STATE };
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (name === "task") state.task = TASKS.find((task) => task === value) ?? "";
    else if (name === "follow") state.follow = value === "true";
    else if (Object.hasOwn(EMPTY_STATE, name)) state[name as "text"] = value;
  }
  return state;
}

/** A curve of so many points, or a branch, of a description. */
export interface EquationsRequest {
  /** The argument of `saddlePoint`. */
  readonly description: Readonly<Record<string, unknown>>;
  readonly task: TaskName;
  readonly over: string;
  readonly from: number;
  readonly to: number;
  readonly follow: boolean;
}

/** What is wrong: in the text, in a field of the page, or nowhere. */
export interface EquationsProblem {
  readonly message: string;
  readonly range?: Range;
  readonly field?: "from" | "to";
}

/** What can be done with a state. */
export interface ReadState {
  /** Absent where the text cannot be read. */
  readonly problem?: ProblemText;
  readonly request?: EquationsRequest;
  readonly error?: EquationsProblem;
}

/** What a file may say beside the description. */
const TASK_FIELDS = ["branch", "sweep", "all", "expected"];

export function readEquations(state: EquationsState): ReadState {
  const read = readProblem(state.text);
  if ("error" in read) return { error: { message: read.error.message, range: read.error } };
  const { problem } = read;
  const description = Object.fromEntries(
    Object.entries(problem.fields).filter(([name]) => !TASK_FIELDS.includes(name)),
  );
  const parameters = parametersOf(problem);
  const said = saidRange(problem.fields);
  const over = Object.hasOwn(parameters, state.over) ? state.over : (said?.over ?? Object.keys(parameters)[0]);
  if (over === undefined) {
    return { problem, error: { message: "a parameter is needed, for the horizontal axis: parameters: { … }" } };
  }
  const own = said?.over === over ? said : undefined;
  const usual = own ?? { ...rangeAround(parameters[over] ?? 1), task: undefined, follow: false };
  const ends = { from: usual.from, to: usual.to };
  for (const field of ["from", "to"] as const) {
    const text = state[field].trim();
    if (text !== "") ends[field] = Number(text);
    if (!Number.isFinite(ends[field])) return { problem, error: { message: `${field}: not a number`, field } };
  }
  if (ends.from === ends.to) return { problem, error: { message: "from and to must differ", field: "to" } };
  const task = state.task || (own?.task ?? "branch");
  return { problem, request: { description, task, over, ...ends, follow: state.follow || own?.follow === true } };
}

/** The parameters of a problem, as far as they are numbers. */
export function parametersOf({ fields }: ProblemText): Readonly<Record<string, number>> {
  const given = fields["parameters"];
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

interface SaidRange {
  readonly over: string;
  readonly from: number;
  readonly to: number;
  readonly task: TaskName;
  readonly follow: boolean;
}

/** The range in the problem's own `branch` or `sweep`. */
function saidRange({ branch, sweep }: Readonly<Record<string, unknown>>): SaidRange | undefined {
  if (typeof branch === "object" && branch !== null) {
    const { over, from, to, follow } = branch as Record<string, unknown>;
    if (typeof over !== "string" || typeof from !== "number" || typeof to !== "number") return undefined;
    return { over, from, to, task: "branch", follow: follow === true };
  }
  if (typeof sweep !== "object" || sweep === null) return undefined;
  const [first] = Object.entries(sweep as Record<string, unknown>);
  if (!first || !Array.isArray(first[1]) || first[1].length < 2) return undefined;
  const values = first[1].map(Number);
  return { over: first[0], from: values[0]!, to: values.at(-1)!, task: "curve", follow: false };
}

/** A range for a parameter of which no more than a value is known. */
export function rangeAround(value: number): { readonly from: number; readonly to: number } {
  if (value === 0) return { from: -1, to: 1 };
  const [from, to] = [value / 4, value * 2].sort((a, b) => a - b) as [number, number];
  return { from: Number(from.toPrecision(3)), to: Number(to.toPrecision(3)) };
}
