import { ParameterError } from "../../errors.ts";
import type { Method } from "./task.ts";

/** Methods whose parameters are a case of the JSON interface, or a list of cases; each loads what it needs. */
const CASES = {
  solve: async () => (await import("../../json/solve.ts")).solveCases,
  learnedFunction: async () => (await import("../../json/observables.ts")).functionCases,
  bounds: async () => (await import("../../json/observables.ts")).boundsCases,
  weights: async () => (await import("../../json/observables.ts")).weightCases,
  spectrum: async () => (await import("../../json/observables.ts")).spectrumCases,
  equations: async () => (await import("../../json/equations.ts")).equationCases,
  optimum: async () => (await import("../../json/tuning.ts")).optimumCases,
  derivatives: async () => (await import("../../json/tuning.ts")).derivativeCases,
  map: async () => (await import("../../json/tuning.ts")).mapCases,
  exponents: async () => (await import("../../json/multiIndex.ts")).exponentCases,
} as const;

/** Those with parameters of their own. */
const OTHERS = {
  curve: async () => (await import("./curveMethod.ts")).curveMethod,
  simulate: async () => (await import("./simulateMethod.ts")).simulateMethod,
  learningCurveFromData: async () => (await import("./dataMethod.ts")).dataMethod,
  figure: async () => (await import("./figureMethod.ts")).figureMethod,
} as const;

/** Their names. */
export const METHODS: readonly string[] = [...Object.keys(CASES), ...Object.keys(OTHERS)];

/** Every method that was used, with what it keeps from one request to the next. */
export function loadedMethods(): (name: string) => Promise<Method> {
  const known = new Map<string, Promise<Method>>();
  return (name) => {
    const method = known.get(name) ?? load(name);
    known.set(name, method);
    return method;
  };
}

async function load(name: string): Promise<Method> {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name as keyof typeof OTHERS]();
  if (!Object.hasOwn(CASES, name)) throw new ParameterError("method", name, `one of ${METHODS.join(", ")}`);
  const [{ caseMethod }, calculate] = await Promise.all([
    import("./caseMethod.ts"),
    CASES[name as keyof typeof CASES](),
  ]);
  return caseMethod(calculate);
}
