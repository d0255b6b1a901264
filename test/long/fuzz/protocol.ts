import fc from "fast-check";
import { expect } from "vitest";
import { encode } from "../../../src/json/encode.ts";
import { linesOf } from "../../../src/json/cases.ts";
import { errorOf } from "../../../src/cli/serve/messages.ts";
import { loadedMethods, METHODS } from "../../../src/cli/serve/methods.ts";
import { Session } from "../../../src/cli/serve/session.ts";
import { contained } from "./contained.ts";
import { changed, damaged, DESCRIPTIONS, extremes, jsonValues, MODEL_FIELDS } from "./documents.ts";

const THREAD = new URL("echoThread.mjs", import.meta.url);
const ids = fc.constantFrom<unknown>(1, 1, 2, 2, "a", "1", 0, -0, 1e308, "", "\u0000", "__proto__", null, [], {}, true);
const requests: fc.Arbitrary<string> = fc.oneof(
  fc
    .record({
      id: ids,
      method: fc.constantFrom<unknown>("echo", "echo", "echo", "version", "endless", "die", "__proto__", 7, null),
      params: jsonValues,
      progress: fc.constantFrom<unknown>(true, false, "yes"),
    })
    .map((request) => JSON.stringify(request)),
  ids.chain((id) => ids.map((wanted) => JSON.stringify({ id, method: "cancel", params: { id: wanted } }))),
  jsonValues.map((params) => JSON.stringify({ id: 3, method: "cancel", params })),
  changed([{ id: 1, method: "echo", params: {} }], ["id", "method", "params", "progress"]),
  fc.constantFrom("", " ", "{}", "[]", "null", "1", '"', `${"[".repeat(2000)}${"]".repeat(2000)}`, "x".repeat(100_000)),
);
const lines = fc.oneof(
  { weight: 5, arbitrary: requests },
  damaged(requests),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/**
 * The server's session: whatever its lines, in whatever pieces they come, each that is not blank has one last answer of its own,
 * and what never ends can be cancelled.
 */
export function fuzzSessions(numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(
      fc.array(lines, { maxLength: 24 }),
      fc.array(fc.nat({ max: 90 }), { maxLength: 20 }),
      (sent, cuts) =>
        contained(async () => {
          const answers: Record<string, unknown>[] = [];
          let wake = (): void => undefined;
          const session = new Session((line) => {
            expect(line.endsWith("\n") && !line.slice(0, -1).includes("\n")).toBe(true);
            answers.push(JSON.parse(line) as Record<string, unknown>);
            wake();
          }, THREAD);
          let expected = 0;
          for await (const line of linesOf(inPieces(sent.join("\n"), cuts))) {
            if (line.trim() !== "") expected++;
            session.take(line);
          }
          const last = () => answers.filter((answer) => !("progress" in answer));
          // What never ends holds up the rest until it is cancelled, as often as there is something of the kind.
          const names = [1, 2, "a", "1", 0, 1e308, "", "\u0000", "__proto__"];
          for (let round = 0; last().length < expected; round++) {
            expect(round).toBeLessThan(200);
            const moved = new Promise<void>((resolve) => (wake = resolve));
            await Promise.race([moved, new Promise((resolve) => setTimeout(resolve, 30).unref())]);
            if (last().length >= expected) break;
            for (const id of names) {
              expected++;
              session.take(JSON.stringify({ id: "end", method: "cancel", params: { id } }));
            }
          }
          await session.drained();
          session.close();
          expect(last()).toHaveLength(expected);
          for (const answer of answers) {
            expect(Object.keys(answer)).toHaveLength(2);
            expect("result" in answer || "error" in answer || "progress" in answer).toBe(true);
          }
        }),
    ),
    { numRuns },
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is there waits for nothing
async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (const length of cuts) {
    yield text.slice(at, at + length);
    at += length;
  }
  yield text.slice(at);
}

const encoded = (values: readonly number[]) => Buffer.from(Float64Array.from(values).buffer).toString("base64");
const binary = fc.oneof(
  fc
    .tuple(
      fc.array(extremes, { maxLength: 6 }),
      fc.option(fc.constantFrom<unknown>([2, 3], [6], [3, 2], [0, 5], [5, 0], [1e15, 0], [4294967296, 0], [-1, -6], "6", [[6]], [1.5, 4], [2, 3, 1]), { nil: undefined }), // prettier-ignore
    )
    .map(([values, shape]) => ({ float64: encoded(values), ...(shape !== undefined && { shape }) })),
  fc.constantFrom<unknown>({ float64: "A" }, { float64: "!!!!" }, { float64: 7 }, { float64: null }, { float64: "" }),
  fc.constantFrom<unknown>(
    { float64: "", shape: [1e9, 0] },
    { float64: "", shape: [0, 0] },
    { float64: "", shape: [] },
  ),
);
const table = { float64: encoded([1, 2, 0, 1, 3, -1, 2, 2]), shape: [4, 2] };
const plain = { student: "tanh", target: "sin", widthRatio: 1, ridge: 0.1, model: "randomFeatures" };
const columns = {
  sampleRatio: [1, 2],
  testError: { float64: encoded([0.5, 0.4]) },
  "simulated.testError.mean": [null, 1],
};
const rows = fc
  .array(
    fc.tuple(
      fc.constantFrom("sampleRatio", "testError", "__proto__.polluted", "constructor.prototype.polluted", "a.b", "a", "a.b.c", "toString.x", "", "."), // prettier-ignore
      fc.oneof(fc.constantFrom<unknown>([1, 2], [0.5], [], [null], ["x"], [[1]], [{}]), binary, jsonValues),
    ),
    { maxLength: 4 },
  )
  .map((pairs) => {
    const body = pairs.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    return JSON.parse(`{${body.join(", ")}}`) as unknown;
  });
const PARAMS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  curve: [{ ...plain, sampleRatio: [0.5, 2] }],
  simulate: [
    { ...plain, sampleRatio: 1, dimension: 4, trials: 2, testSamples: 5, seed: 1, backend: "wasm", workers: 0 },
  ],
  learningCurveFromData: [{ features: table, labels: { float64: encoded([1, 0, 2, 1]) }, samples: [2], ridges: [0.1] }],
  figure: [{ columns, x: "sampleRatio" }],
  exponents: [{ target: "x1 + x1*x2" }],
};
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  simulate: ["model", "student", "ridge", "seed", "testSamples", "backend", "standardError", "shard", "config", "out"],
  learningCurveFromData: ["features", "gram", "labels", "samples", "ridges", "intercept", "anchor", "backend"],
  figure: ["columns", "x", "series", "quantity", "baselines", "title", "logX", "format", "columns", "columns"],
  exponents: ["target", "model"],
};

/** A method of the server gives data or an error of the library, whatever its parameters. */
export async function fuzzMethods(numRuns: number): Promise<void> {
  const methodOf = loadedMethods();
  const names = METHODS.filter((name) => !["map", "optimum", "weights", "spectrum", "equations"].includes(name));
  const calls = fc.constantFrom(...names, ...Object.keys(PARAMS)).chain((name) => {
    const bases = PARAMS[name] ?? DESCRIPTIONS.slice(0, 3);
    const values = fc.oneof(small, small, binary, rows);
    const legal = changed(bases, FIELDS[name] ?? MODEL_FIELDS, values);
    return fc.tuple(fc.constant(name), fc.oneof({ weight: 9, arbitrary: legal }, jsonValues.map((value) => JSON.stringify(value)))); // prettier-ignore
  });
  await fc.assert(
    fc.asyncProperty(calls, ([name, params]) =>
      contained(async () => {
        const calculate = await methodOf(name);
        const task = { report: () => undefined, signal: new AbortController().signal };
        try {
          encode(await calculate(JSON.parse(params), task));
        } catch (error) {
          const { name: kind, message } = errorOf(error);
          expect(message).not.toBe("");
          expect(["TypeError", "RangeError", "ReferenceError", "SyntaxError", "Error"], message).not.toContain(kind);
        }
      }),
    ),
    { numRuns },
  );
}

/** Sizes in between would only take long. */
const small = jsonValues.filter((value) => !(typeof value === "number" && value > 20 && value < 1e12));
