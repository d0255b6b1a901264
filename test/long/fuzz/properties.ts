import fc from "fast-check";
import { expect } from "vitest";
import { activation, ExpressionError, ParameterError, QuadratureError, trySolve } from "../../../src/index.ts";
import { runCli } from "../../cli/runCli.ts";
import { configurations, texts, words } from "./inputs.ts";

/** Longest time that any one input may take, far above what the slowest takes. */
const LONGEST = 60_000;

/** Runs an action and sees that it neither hangs nor leaves anything behind. */
async function contained<T>(action: () => T | Promise<T>): Promise<T> {
  const inherited = Object.getOwnPropertyNames(Object.prototype).length;
  const globals = Object.getOwnPropertyNames(globalThis).length;
  const start = performance.now();
  try {
    return await action();
  } finally {
    expect(performance.now() - start).toBeLessThan(LONGEST);
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(inherited);
    expect(Object.getOwnPropertyNames(globalThis)).toHaveLength(globals);
  }
}

const EXPECTED = [ExpressionError, ParameterError, QuadratureError];

/** A formula is a function or an error that names it; what is solved with it has numbers. */
export async function fuzzFormulas(numRuns: number): Promise<void> {
  let index = 0;
  await fc.assert(
    fc.asyncProperty(texts, (text) =>
      contained(() => {
        try {
          const { value } = activation(text);
          for (const x of [-2, 0, 0.5, 30]) expect(typeof value(x)).toBe("number");
          // Solving every one of them would take hours.
          if (index++ % 20 !== 0) return;
          const result = trySolve({
            model: "spikedRandomFeatures",
            student: "tanh",
            target: text,
            spikeStrength: 1,
            alignment: 0.5,
            sampleRatio: 1,
            widthRatio: 1,
            ridge: 0.1,
          });
          if (result.status === "converged") expectNumbers({ ...result });
          else expect(result.detail).not.toBe("");
        } catch (error) {
          if (!EXPECTED.some((type) => error instanceof type)) throw error;
          expect((error as Error).message).not.toBe("");
        }
      }),
    ),
    { numRuns },
  );
}

/** A case of the JSON interface gets numbers or an error. */
export async function fuzzConfigurations(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(configurations, (json) =>
      contained(async () => {
        const { code, out, err } = await runCli(["solve", "--json"], json);
        expect([0, 1, 2]).toContain(code);
        expect(err).not.toContain("unexpected");
        if (code === 2) expect(err).not.toBe("");
        if (code === 2) return;
        for (const line of out.trim().split("\n")) {
          const result = JSON.parse(line) as Record<string, unknown>;
          if (result["status"] === "converged") expectNumbers(result);
          else expect(result["error"] ?? result["detail"]).toBeTruthy();
        }
      }),
    ),
    { numRuns },
  );
}

const COMMANDS = ["solve", "curve", "function", "bounds", "weights", "spectrum"];
/** Options that write files, simulate for long, or are not of the theory. */
const LEFT_OUT =
  /out|plot|svg|png|config|trials|seed|threads|worker|dimension|redis|points|every|resume|merge|file|progress/;

/** A command line ends with an exit code, and with a message where it fails. */
export async function fuzzCommandLines(numRuns: number): Promise<void> {
  const options = new Map<string, string[]>();
  for (const command of COMMANDS) {
    const { out } = await runCli([command, "--help"]);
    options.set(
      command,
      [...new Set(out.match(/--[a-z][a-z-]+/g))].filter((name) => !LEFT_OUT.test(name)),
    );
  }
  const MODEL = ["--student", "tanh", "--target", "sin", "--sample-ratio", "1", "--width-ratio", "1", "--ridge", "0.1"];
  const models = fc.constantFrom<string[]>(
    [...MODEL, "--model", "randomFeatures"],
    [...MODEL, "--model", "spikedRandomFeatures", "--spike-strength", "1", "--alignment", "0.5"],
    [],
  );
  const lines = fc
    .constantFrom(...COMMANDS)
    .chain((command) =>
      fc
        .tuple(models, fc.array(fc.tuple(fc.constantFrom(...options.get(command)!), words), { maxLength: 3 }))
        .map(([model, more]) => [command, ...model, ...more.flat()]),
    );
  await fc.assert(
    fc.asyncProperty(lines, (line) =>
      contained(async () => {
        const { code, out, err } = await runCli(line);
        expect([0, 1, 2]).toContain(code);
        expect(err).not.toContain("unexpected");
        if (code !== 0) expect(`${err}${out}`).not.toBe("");
        expect(out).not.toMatch(/\bNaN\b/);
      }),
    ),
    { numRuns },
  );
}

/** No NaN anywhere in a result. */
function expectNumbers(value: unknown): void {
  if (typeof value === "number") expect(value).not.toBeNaN();
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(expectNumbers);
  else expect(value).not.toBe("nan");
}
