/** A number as a label has it: "0.364", "2.5·10⁻⁴", "1024", "∞". */
export function numeral(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  // A whole number of samples is no measurement: all of it is written.
  const whole = Number.isInteger(value) && Math.abs(value) < 1e5;
  const rounded = whole ? value : Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(rounded).replace("-", "−");
  const [mantissa = "", exponent = ""] = size.toExponential().split("e");
  return `${rounded < 0 ? "−" : ""}${mantissa === "1" ? "" : `${mantissa}·`}10${superscript(Number(exponent))}`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const superscript = (exponent: number): string =>
  `${exponent < 0 ? "⁻" : ""}${String(Math.abs(exponent)).replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!)}`;

/** Numbers as labels that differ where the numbers do: with three digits, or as many as that takes. */
export function numerals(values: readonly number[]): Map<number, string> {
  const distinct = [...new Set(values)];
  for (let digits = 3; digits < 17; digits++) {
    const labels = distinct.map((value) => numeral(value, digits));
    if (new Set(labels).size === distinct.length) return new Map(distinct.map((value, i) => [value, labels[i]!]));
  }
  return new Map(distinct.map((value) => [value, String(value)]));
}

/**
 * Vega expression of a tick's label as {@link numeral} writes it; ticks that Vega leaves without label stay so.
 *
 * @param powersOnly whether no other ticks than powers of ten have labels
 */
export function tickLabel(powersOnly: boolean): string {
  const exponent = "floor(log(abs(datum.value)) / LN10 + 1e-9)";
  const mantissa = `round(1e3 * abs(datum.value) / pow(10, ${exponent})) / 1e3`;
  const digit = (e: string) => `slice('${SUPERSCRIPTS}', ${e}, ${e} + 1)`;
  const size = `abs(${exponent})`;
  const power = `(${exponent} < 0 ? '⁻' : '') + (${size} > 9 ? ${digit(`floor(${size} / 10)`)} : '') + ${digit(`${size} % 10`)}`;
  const label = `(datum.value < 0 ? '−' : '') + (${mantissa} == 1 ? '' : ${mantissa} + '·') + '10' + ${power}`;
  // 1 and 10 among powers stay as they are.
  const written = `datum.value == 0 || datum.label === ''`;
  if (!powersOnly) return `${written} ? datum.label : ${label}`;
  return `${mantissa} != 1 ? '' : ${written} || ${exponent} == 0 || ${exponent} == 1 ? datum.label : ${label}`;
}
