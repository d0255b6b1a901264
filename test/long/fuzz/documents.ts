import fc from "fast-check";
import { HOSTILE, texts } from "./inputs.ts";

/** Numbers at the ends of what a number can be, and next to the ends of legal ranges. */
export const extremes: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    5e-324,
    -5e-324,
    2.3e-308,
    1e-300,
    1e-160,
    1e-17,
    1e-9,
    1e9,
    1e16,
    1e160,
    1e300,
    1.7e308,
    -1.7e308,
  ),
  fc.constantFrom(1, -1, 1 + 2 ** -52, 1 - 2 ** -53, 0.5, 2, 3, Infinity, -Infinity, NaN),
  fc.double({ min: -308, max: 308, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.double(),
);

/** Values that JSON has, those that are no parameter among them. */
export const jsonValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: extremes.map((value) => (Number.isFinite(value) ? value : "inf")) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, "", "inf", "-inf", "nan", "1e5", [], {}, [[]]) },
  { weight: 1, arbitrary: fc.array(extremes.filter(Number.isFinite), { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE.slice(0, 36)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      JSON.parse('{"__proto__": {"polluted": 1}}'),
      JSON.parse('{"constructor": {"prototype": {"polluted": 1}}}'),
      { huber: 1 },
      { huber: -1 },
      { huber: "1" },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const common = { student: "tanh", target: "sin", sampleRatio: 1.5, widthRatio: 0.8, ridge: 0.1 };
/** A legal description of every model and loss. */
export const DESCRIPTIONS: readonly Readonly<Record<string, unknown>>[] = [
  { ...common, model: "randomFeatures" },
  { ...common, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 0.5, student: "relu" },
  { ...common, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 0.5, readoutValues: [1, -0.5] },
  { ...common, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 2 },
  { ...common, model: "trainedNetwork", learningRate: 1, stepSampleRatio: 2, theory: "srf" },
  { ...common, model: "smallRate", spikeStrength: 1, alignment: 0.5 },
  { ...common, model: "powerChannels", student: "x+He2(x)", powerChannels: [2], alignment: 0.5 },
  { ...common, model: "randomFeatures", loss: { huber: 0.7 } },
  { ...common, model: "randomFeatures", loss: "logistic", target: "sign", labelFlips: 0.1 },
  { ...common, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 0.5, loss: "squaredHinge", target: "sign" },
];
export const MODEL_FIELDS = [
  "model,student,target,labelNoise,sampleRatio,widthRatio,ridge,spikeStrength,alignment,bulkVariance,readoutValues",
  "readoutFractions,rows,learningRate,stepSampleRatio,theory,rowNorms,powerChannels,finiteDimension,loss,labelFlips",
].flatMap((list) => list.split(","));
const FOREIGN_FIELDS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "extra", ""];

/** An object with some fields replaced, added or removed, as JSON: `__proto__` is a field like any other there. */
export function changed(
  bases: readonly Readonly<Record<string, unknown>>[],
  fields: readonly string[],
  values: fc.Arbitrary<unknown> = jsonValues,
): fc.Arbitrary<string> {
  const names = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...fields) },
    { weight: 1, arbitrary: fc.constantFrom(...FOREIGN_FIELDS) },
  );
  return fc
    .tuple(
      fc.constantFrom(...bases),
      fc.array(fc.tuple(names, values), { maxLength: 3 }),
      fc.option(names, { freq: 6 }),
    )
    .map(([base, changes, removed]) => {
      const entries = new Map<string, unknown>(Object.entries(base));
      for (const [name, value] of changes) entries.set(name, value);
      if (removed !== null) entries.delete(removed);
      const body = [...entries].map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
      return `{${body.join(", ")}}`;
    });
}

/** Text that is torn, has a piece replaced, or is something else. */
export function damaged(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const pieces = fc.oneof(
    fc.string({ unit: "binary", maxLength: 3 }),
    fc.constantFrom(
      "\n",
      "\r\n",
      "\u0000",
      "\uFEFF",
      "null",
      "{}",
      "[]",
      "1e999",
      "-",
      '"',
      '"__proto__":1,',
      "}\n{",
      "\uD800",
    ),
  );
  return fc
    .tuple(whole, fc.nat(), fc.nat({ max: 20 }), pieces, fc.nat({ max: 5 }))
    .map(([text, place, length, piece, kind]) => {
      const at = place % (text.length + 1);
      if (kind === 0) return text.slice(0, at);
      if (kind === 1) return text.slice(at);
      if (kind === 2) return piece.repeat(3);
      return text.slice(0, at) + piece + text.slice(at + length);
    });
}

const repeated = (open: string, inner: string, close: string) => {
  const levels = Math.floor((995 - inner.length) / (open.length + close.length));
  return open.repeat(levels) + inner + close.repeat(levels);
};
const NESTED = [
  ["(", ")"],
  ["-", ""],
  ["sin(", ")"],
  ["abs(1-", ")"],
  ["relu(1-", ")"],
  ["max(x,", ")"],
  ["min(sin(9*x),", ")"],
  ["x^(", ")"],
  ["(", ")^x"],
  ["x/(1+", ")"],
  ["(", ")/x"],
  ["(", ")*x"],
  ["0<(", ")<1"],
  ["(x<", " ? x : 1)"],
  ["(x<1 ? x : ", ")"],
  ["sqrt((", ")^2)"],
  ["log(1+exp(", "))"],
  ["x^", ""],
  ["x+", ""],
  ["1-", ""],
  ["not ", ""],
  ["floor(3*", ")"],
  ["tan(", ")"],
] as const;

/** Formulas as long as is legal that are nested, or have numbers and exponents, to the utmost. */
export const bombs: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...NESTED), fc.constantFrom("x", "abs(x)", "2", "x>0", "1e308", "1e-308"))
    .map(([[open, close], inner]) => repeated(open, inner, close)),
  fc.tuple(fc.constantFrom("x^", "", "x*", "exp(x)^", "2^"), extremes).map(([head, value]) => `${head}(${value})`),
  fc.constantFrom("9".repeat(999), `x*0.${"0".repeat(990)}1`, `x^${"9".repeat(300)}`, `1e${"9".repeat(500)}*x`),
  fc.nat({ max: 6 }).map((k) => `sign(sin(${10 ** k}*x))`),
  fc.nat({ max: 6 }).map((k) => `abs(sin(${10 ** k}*x)) + relu(cos(${10 ** k}*x))`),
);

/** Fields of the observable commands besides those of the model. */
export const OBSERVABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  solve: [],
  function: ["t", "kappa"],
  bounds: [],
  weights: ["grid", "points"],
  spectrum: ["grid", "points", "z"],
};
const lists = fc.array(fc.oneof(extremes, fc.double({ min: -4, max: 4, noNaN: true })), { maxLength: 4 });
/** Values of those fields, most of them lists of numbers. */
export const places: fc.Arbitrary<unknown> = fc.oneof(
  jsonValues,
  lists,
  fc.array(fc.tuple(extremes, extremes), { maxLength: 3 }),
  fc.constantFrom(8, 9, 20, 7, 8.5, 1e9),
  texts,
);
