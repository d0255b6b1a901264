import { ParameterError } from "../errors.ts";
import { type Kind, LOSS } from "../parameters/kinds.ts";
import { legalWords } from "../parameters/legal.ts";
import { NAMED_LOSSES } from "../parameters/loss.ts";

const RANGE = 'a number, "inf", a list a,b,c or a range start:stop:count (start:stop:count:log for equal ratios)';
const LARGEST_COUNT = 1e7;

/** Text of an option as one number; "inf" is ∞. */
export function parseNumber(parameter: string, text: string, legal = 'a number, or "inf"'): number {
  const trimmed = text.trim();
  if (/^\+?(inf|infinity|∞)$/i.test(trimmed)) return Infinity;
  const value = /^[-+.\d]/.test(trimmed) ? Number(trimmed) : NaN;
  if (!Number.isFinite(value)) throw new ParameterError(parameter, text, legal);
  return value;
}

/** A list a,b,c of numbers. */
export function parseList(parameter: string, text: string): number[] {
  return text.split(",").map((item) => parseNumber(parameter, item, "a list of numbers a,b,c"));
}

/** One number, a list, or a range. */
export function parseAxis(parameter: string, text: string): number | number[] {
  if (text.includes(":")) return parseRange(parameter, text);
  if (text.includes(",")) return text.split(",").map((item) => parseNumber(parameter, item, RANGE));
  return parseNumber(parameter, text, RANGE);
}

/** start:stop:count, both ends included; with :log at equal ratios. */
function parseRange(parameter: string, text: string): number[] {
  const [first, second, third, spacing, ...rest] = text.split(":");
  if (third === undefined || rest.length > 0 || (spacing !== undefined && spacing !== "log")) {
    throw new ParameterError(parameter, text, RANGE);
  }
  const [start, stop, count] = [first!, second!, third].map((item) => parseNumber(parameter, item, RANGE));
  if (!(Number.isInteger(count) && count! >= 2 && count! <= LARGEST_COUNT)) {
    throw new ParameterError(parameter, text, `a range whose count is a whole number from 2 to ${LARGEST_COUNT}`);
  }
  const logarithmic = spacing === "log";
  if (!Number.isFinite(start! + stop!) || (logarithmic && !(start! > 0 && stop! > 0))) {
    throw new ParameterError(parameter, text, `a range with finite${logarithmic ? ", positive" : ""} ends`);
  }
  const intervals = count! - 1;
  return Array.from({ length: count! }, (_, i) => {
    const [left, right] = [(intervals - i) / intervals, i / intervals];
    const value = logarithmic
      ? Math.exp(left * Math.log(start!) + right * Math.log(stop!))
      : left * start! + right * stop!;
    // Fifteen digits: what a user would have typed.
    return Number(value.toPrecision(15));
  });
}

/** Legal values of a kind as they are typed. */
export function wordsOf(kind: Kind): string {
  switch (kind.type) {
    case "activation":
      return "a name or a formula in x";
    case "loss":
      return [...NAMED_LOSSES, "huber:δ", "quantile:τ"].join(", ");
    case "choice":
      return kind.values.join(" or ");
    default:
      return legalWords(kind).replace("Infinity", "inf");
  }
}

/**
 * The text of an option as a value of its kind; its range is checked with the other fields.
 *
 * @param axis whether a list or range may stand for one number
 * @throws ParameterError for text that is none
 */
export function readText(parameter: string, text: string, kind: Kind, axis = false): unknown {
  if (axis) return text.trim().startsWith("[") ? parseJson(parameter, text) : parseAxis(parameter, text);
  switch (kind.type) {
    case "number":
    case "integer":
      return parseNumber(parameter, text, wordsOf(kind));
    case "list":
      if (kind.of.type === "choice") return text.split(",").map((word) => word.trim());
      return kind.of.type === "list" ? parseJson(parameter, text) : parseList(parameter, text);
    case "records":
      return parseJson(parameter, text);
    case "loss":
      return parseLoss(parameter, text);
    case "choice":
      return kind.values.find((value) => value === text) ?? kind.values.find((value) => value === camel(text)) ?? text;
    case "either":
      return kind.of.some(({ type }) => type === "text") ? text : parseJson(parameter, text);
    default:
      if (text.trim() === "") throw new ParameterError(parameter, text, "not empty");
      return text;
  }
}

function parseJson(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParameterError(parameter, text, "JSON");
  }
}

function parseLoss(parameter: string, text: string): unknown {
  if (text === "huber") throw new ParameterError(parameter, text, "huber:δ with its threshold, such as huber:0.5");
  if (text.startsWith("huber:")) return { huber: parseNumber(parameter, text.slice(6), "huber:δ, such as huber:0.5") };
  if (text.startsWith("quantile:")) {
    return { quantile: parseNumber(parameter, text.slice(9), "quantile:τ, such as quantile:0.9") };
  }
  const named = NAMED_LOSSES.find((name) => name === text);
  if (named === undefined) throw new ParameterError(parameter, text, `one of ${wordsOf(LOSS)}, such as huber:0.5`);
  return named;
}

/** Words are those of the library, or as the options are written: sample-ratio is sampleRatio. */
export function camel(text: string): string {
  return text.replaceAll(/(?<=[a-z])-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
