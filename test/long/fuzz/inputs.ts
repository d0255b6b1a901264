import fc from "fast-check";

/** Texts that would be dangerous to a parser that evaluates more than formulas. */
export const HOSTILE = [
  "constructor",
  "__proto__",
  "x.constructor.constructor('return process')()",
  "cos.constructor",
  "import('fs')",
  "import({cos: f(x)=1}, {override: true})",
  "createUnit('knot')",
  'evaluate("1+1")',
  'parse("x")',
  'simplify("x")',
  "f(x) = x^2",
  "x = 3; x",
  "this",
  "globalThis",
  "process.exit(1)",
  "require('fs')",
  "[1, 2, 3]",
  "x[1]",
  "{a: 1}",
  '{"__proto__": {"polluted": 1}}',
  "'text'",
  "hasOwnProperty(x)",
  "toString",
  "valueOf()",
  "x'",
  "x!",
  "2 cm",
  "1:10",
  "sin",
  "x -> x",
  "`${x}`",
  "/* */ x",
  "x\n+1",
  "x\u0000",
  "1e999",
  "0/0",
  "(".repeat(3000) + "x" + ")".repeat(3000),
  "-".repeat(3000) + "x",
  "sin(".repeat(500) + "x" + ")".repeat(500),
  "x^".repeat(500) + "2",
  "x+".repeat(5000) + "x",
  "9".repeat(5000),
];

const leaf = fc.oneof(
  fc.constant("x"),
  fc.constant("x"),
  fc.constantFrom("pi", "e", "0", "1", "2", "0.5", "-3", "1e-9", "1e300", "60"),
  fc.double({ min: -10, max: 10, noNaN: true }).map((value) => value.toPrecision(3)),
);
const CALLS = [
  "sin,cos,tan,tanh,exp,expm1,log,log1p,sqrt,abs,sign,relu,erf,erfc,atan,sinh,cosh,asinh,softplus,gelu,sigmoid,heaviside,He3,gamma,floor",
].flatMap((list) => list.split(","));

/** Formulas of the grammar, most of them legal. */
export const formulas: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", "^"), tie("tree")).map(([a, o, b]) => `(${a}${o}${b})`),
    fc.tuple(fc.constantFrom(...CALLS), tie("tree")).map(([name, a]) => `${name}(${a})`),
    fc
      .tuple(fc.constantFrom("min", "max", "pow"), tie("tree"), tie("tree"))
      .map(([name, a, b]) => `${name}(${a},${b})`),
    fc
      .tuple(tie("tree"), fc.constantFrom("<", ">", "<=", ">=", "==", "!="), tie("tree"), tie("tree"))
      .map(([a, o, b, c]) => `(${a}${o}${b} ? ${c} : ${a})`),
  ),
})).tree;

/** Any text at all: formulas, formulas with a piece replaced, hostile texts, noise. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: formulas },
  {
    weight: 3,
    arbitrary: fc
      .tuple(formulas, fc.nat(), fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom(...HOSTILE.slice(0, 30))))
      .map(
        ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);

const values = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: 0.001, max: 10, noNaN: true }),
  fc.constantFrom<unknown>(
    0,
    -1,
    1e308,
    5e-324,
    null,
    true,
    "",
    "inf",
    "-inf",
    "nan",
    "0.5",
    "tanh",
    [],
    {},
    [1, 2],
    [[1]],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const BASES: readonly object[] = [
  { model: "randomFeatures", student: "tanh", target: "sin" },
  { model: "spikedRandomFeatures", student: "relu", target: "sign", spikeStrength: 1, alignment: 0.5 },
  { model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1, stepSampleRatio: 2 },
  { model: "smallRate", student: "erf", target: "tanh", spikeStrength: 1, alignment: 0.5 },
  { model: "powerChannels", student: "x+He2(x)", target: "x", powerChannels: [2], alignment: 0.5 },
];
const FIELDS = [
  "model,student,target,labelNoise,sampleRatio,widthRatio,ridge,spikeStrength,alignment,bulkVariance,readoutValues",
  "readoutFractions,rows,learningRate,stepSampleRatio,theory,rowNorms,powerChannels,finiteDimension,__proto__,extra",
].flatMap((list) => list.split(","));

/** JSON texts: descriptions of models with some fields replaced, removed or added. */
export const configurations: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...BASES),
    fc.array(fc.tuple(fc.constantFrom(...FIELDS), values), { maxLength: 3 }),
    fc.option(fc.constantFrom(...FIELDS.slice(0, 7)), { freq: 5 }),
  )
  .map(([base, changes, removed]) => {
    const fields = new Map<string, unknown>(Object.entries({ ...base, sampleRatio: 1.5, widthRatio: 0.8, ridge: 0.1 }));
    for (const [name, value] of changes) fields.set(name, value);
    if (removed !== null) fields.delete(removed);
    const body = [...fields].map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    return `{${body.join(", ")}}`;
  });

/** What an option may be given. */
export const words: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "1",
    "0.5",
    "2",
    "0",
    "-1",
    "inf",
    "nan",
    "1,2",
    "1,-0.5",
    "0.5:2:3",
    "1e-8",
    "1e308",
    "",
    "tanh",
    "relu",
    "sin",
  ),
  fc.constantFrom(
    "randomFeatures",
    "spikedRandomFeatures",
    "smallRate",
    "network",
    "srf",
    "equal",
    "gaussian",
    "--",
    "-h",
    "--help",
  ),
  texts,
);
