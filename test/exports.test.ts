import { describe, expect, test } from "vitest";
import * as compare from "../src/compare/index.ts";
import * as data from "../src/data/index.ts";
import * as equations from "../src/equations/index.ts";
import * as library from "../src/index.ts";
import * as simulation from "../src/simulation/index.ts";

/** What people give who mistake what is wanted: nothing, no object, or a description where a model is wanted. */
const DESCRIPTION = {
  model: "randomFeatures",
  student: "tanh",
  target: "sin",
  sampleRatio: 1,
  widthRatio: 1,
  ridge: 0.1,
};
const MISTAKES = [[], [null], [3], ["tanh"], [{}], [DESCRIPTION], [{}, {}]] as const;

const CLEAR = ["ParameterError", "ExpressionError", "QuadratureError", "ConvergenceError"];

/** Of the trials' own files and threads, which no one calls by hand: their input is what others of them made. */
const INNER = ["createObserver", "createTrialRunner", "parseTrials", "readTrials", "fileOfSize"]
  .concat("formatRanges", "formatRecord", "shardTrials", "summarize", "wasmAlgebra")
  .concat("mainQuantity", "simulatedQuantities");

const isFunction = ([name, value]: readonly [string, unknown]) =>
  typeof value === "function" && /^[a-z]/.test(name) && !INNER.includes(name);

describe.each(Object.entries({ library, equations, data, simulation, compare }))("%s", (_module, exports) => {
  test.each(Object.entries(exports).filter(isFunction))(
    "%s says what is wrong with what it cannot use",
    async (_name, call) => {
      for (const input of MISTAKES) {
        try {
          const result = (call as (...input: readonly unknown[]) => unknown)(...input);
          if (typeof result === "object" && result !== null && "next" in result) (result as Iterator<unknown>).next();
          await result;
        } catch (error) {
          const { name, message } = error as Error;
          expect(CLEAR, `${name}: ${message}`).toContain(name);
        }
      }
    },
  );
});
