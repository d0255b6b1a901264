import fc from "fast-check";
import { expect } from "vitest";
import { activation, type AnyDescription, type ModelDescription, trySolve } from "../../../src/index.ts";
import { runCli } from "../../cli/runCli.ts";
import { fuzzCases } from "./cases.ts";
import { command, contained, expectNumbers, legal } from "./contained.ts";
import {
  bombs,
  changed,
  damaged,
  DESCRIPTIONS,
  extremes,
  MODEL_FIELDS,
  OBSERVABLE_FIELDS,
  places,
} from "./documents.ts";
import { configurations, texts, words } from "./inputs.ts";

const MODEL = { model: "spikedRandomFeatures", student: "tanh", spikeStrength: 1, alignment: 0.5 } as const;

/** A formula is a function or an error that names it; what is solved with it has numbers. */
export async function fuzzFormulas(numRuns: number, formulas: fc.Arbitrary<string> = texts): Promise<void> {
  let index = 0;
  await fc.assert(
    fc.asyncProperty(formulas, (text) =>
      contained(() => {
        const found = legal(() => activation(text));
        for (const x of [-2, 0, 0.5, 30]) if (found) expect(typeof found.value(x)).toBe("number");
        // Solving every one of them would take hours.
        if (!found || index++ % 20 !== 0) return;
        expectSolved({ ...MODEL, target: text, sampleRatio: 1, widthRatio: 1, ridge: 0.1 });
      }),
    ),
    { numRuns },
  );
}

/** The same of formulas that are as long, nested or large as is legal. */
export const fuzzBombs = (numRuns: number): Promise<void> => fuzzFormulas(numRuns, bombs);

/** What the library solves has numbers, and what it does not solve says why. */
function expectSolved(description: AnyDescription): void {
  const result = legal(() => trySolve(description as ModelDescription));
  if (!result) return;
  if (result.status === "converged") expectNumbers(result);
  else expect(result.detail).not.toBe("");
}

/** Any value at all as a field of a description: of what JavaScript has, or of what a number can be. */
export async function fuzzDescriptions(numRuns: number): Promise<void> {
  const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true });
  const functions = fc.constantFrom(
    () => NaN,
    () => Infinity,
    (x: number) => (x > 2 ? NaN : x),
    () => 10n as unknown as number,
    Math.random,
    () => {
      throw new TypeError("mine");
    },
  );
  const values = fc.oneof(
    { weight: 6, arbitrary: extremes },
    anything,
    functions.filter((f) => f !== Math.random),
  );
  const change = fc.tuple(fc.constantFrom(...MODEL_FIELDS), values);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...DESCRIPTIONS),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (base, changes) =>
        contained(() => {
          try {
            expectSolved({ ...base, ...Object.fromEntries(changes) } as unknown as AnyDescription);
          } catch (error) {
            // A user's function may throw what it likes.
            if ((error as Error).message !== "mine") throw error;
          }
        }),
    ),
    { numRuns },
  );
}

/** A case of the JSON interface gets numbers or an error. */
export function fuzzConfigurations(numRuns: number): Promise<void> {
  return fuzzCases("solve", configurations, numRuns);
}

/** The same for every command with `--json`, every model and loss, and for text that is no JSON any more. */
export async function fuzzObservables(numRuns: number): Promise<void> {
  for (const [name, fields] of Object.entries(OBSERVABLE_FIELDS)) {
    const bases = name === "weights" ? DESCRIPTIONS.filter((one) => !isSlow(one)) : DESCRIPTIONS;
    const ofModel = changed(bases, MODEL_FIELDS);
    const cases = fields.length > 0 ? fc.oneof(ofModel, changed(bases, fields, places)) : ofModel;
    const texts = fc.oneof(
      { weight: 4, arbitrary: cases },
      damaged(cases),
      fc.array(cases, { maxLength: 3 }).map((items) => items.join("\n")),
      damaged(fc.array(cases, { maxLength: 3 }).map((items) => `[${items.join()}]`)),
    );
    await fuzzCases(name, texts, Math.ceil(numRuns / Object.keys(OBSERVABLE_FIELDS).length));
  }
}

/** The law of a trained network's singular values takes seconds. */
const isSlow = (description: object): boolean => "learningRate" in description && !("theory" in description);

const COMMANDS = ["solve", "curve", "function", "bounds", "weights", "spectrum"];
/** Options that write files, simulate for long, or are not of the theory. */
const LEFT_OUT =
  /out|plot|svg|png|config|trials|seed|threads|worker|dimension|redis|points|every|resume|merge|file|progress/;

/** A command line ends with an exit code, and with a message where it fails. */
export async function fuzzCommandLines(numRuns: number): Promise<void> {
  const options = new Map<string, string[]>();
  for (const name of COMMANDS) {
    const { out } = await runCli([name, "--help"]);
    options.set(
      name,
      [...new Set(out.match(/--[a-z][a-z-]+/g))].filter((option) => !LEFT_OUT.test(option)),
    );
  }
  const POINT = ["--student", "tanh", "--target", "sin", "--sample-ratio", "1", "--width-ratio", "1", "--ridge", "0.1"];
  const models = fc.constantFrom<string[]>(
    [...POINT, "--model", "randomFeatures"],
    [...POINT, "--model", "spikedRandomFeatures", "--spike-strength", "1", "--alignment", "0.5"],
    [...POINT, "--model", "randomFeatures", "--loss", "huber:0.5"],
    [...POINT, "--model", "randomFeatures", "--target", "sign", "--loss", "logistic", "--label-flips", "0.1"],
    [],
  );
  const lines = fc
    .constantFrom(...COMMANDS)
    .chain((name) =>
      fc
        .tuple(models, fc.array(fc.tuple(fc.constantFrom(...options.get(name)!), words), { maxLength: 3 }))
        .map(([model, more]) => [name, ...model, ...more.flat()]),
    );
  await fc.assert(
    fc.asyncProperty(lines, (line) =>
      contained(async () => {
        const { out } = await command(line);
        // A bad option may be repeated in a message, but a table has no such number.
        expect(out).not.toMatch(/\bNaN\b/);
      }),
    ),
    { numRuns },
  );
}
