import { ParameterError } from "../errors.ts";

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
