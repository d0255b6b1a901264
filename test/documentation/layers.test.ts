import { describe, expect, test } from "vitest";
import { importsOf, sourceFiles } from "./sources.ts";

const files = sourceFiles();
const layerOf = (path: string): string => path.split("/")[0]!;

/**
 * What each layer may import besides itself, types included: the data go one way. A model makes the problem and the bulk that the
 * solvers read, and solvers know nothing of where they came from.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "errors.ts": [],
  "version.ts": [],
  "packages.ts": [],
  types: [],
  numerics: ["errors.ts"],
  activation: ["errors.ts", "numerics"],
  parameters: ["errors.ts", "activation"],
  problem: ["errors.ts", "numerics"],
  bulk: ["errors.ts", "numerics", "problem"],
  ridge: ["errors.ts", "numerics", "parameters", "problem", "bulk"],
  model: ["errors.ts", "numerics", "activation", "parameters", "problem", "bulk"],
  spectrum: ["errors.ts", "numerics", "parameters", "problem", "bulk", "ridge", "model"],
  loss: ["errors.ts", "activation", "parameters"],
  convex: ["errors.ts", "numerics", "activation", "problem", "bulk", "ridge", "loss"],
  target: ["errors.ts", "numerics", "activation"],
  multiIndex: [...["errors.ts", "numerics", "activation", "parameters", "problem", "bulk", "ridge", "model", "target"]],
  solve: ["errors.ts", "parameters", "model", "ridge", "loss", "convex", "multiIndex"],
  statistics: ["errors.ts", "numerics", "activation", "parameters", "problem", "ridge", "loss", "model"],
  observables: [
    ...["errors.ts", "numerics", "activation", "parameters", "problem", "bulk", "ridge", "spectrum", "model"],
    "equations",
  ],
  covariates: [
    ...["errors.ts", "numerics", "activation", "parameters", "problem", "bulk", "ridge", "model", "loss", "convex"],
  ],
  data: ["errors.ts", "numerics", "activation", "parameters", "simulation"],
  curve: [
    ...["errors.ts", "parameters", "model", "ridge", "convex", "solve", "multiIndex", "covariates", "observables"],
    "statistics",
  ],
  equations: ["errors.ts", "numerics", "activation"],
  tuning: [
    ...["errors.ts", "numerics", "activation", "parameters", "problem", "loss", "model", "ridge", "solve", "target"],
    ...["multiIndex", "covariates", "convex", "curve", "statistics"],
  ],
  plot: ["errors.ts", "parameters", "curve", "observables", "equations", "statistics"],
  simulation: [
    ...["errors.ts", "version.ts", "packages.ts", "activation", "parameters", "model", "numerics", "loss"],
    ...["covariates", "multiIndex", "target", "statistics"],
  ],
  json: [
    ...["errors.ts", "activation", "parameters", "problem", "ridge", "convex", "model", "solve", "observables"],
    ...["curve", "equations", "covariates", "data", "simulation", "tuning", "target", "multiIndex", "statistics"],
  ],
  compare: [
    ...["errors.ts", "activation", "parameters", "model", "multiIndex", "curve", "tuning", "plot", "simulation"],
  ],
  figures: [
    ...["version.ts", "numerics", "parameters", "model", "solve", "multiIndex", "observables", "curve", "plot"],
    ...["simulation", "statistics"],
  ],
  "index.ts": [
    ...["errors.ts", "version.ts", "activation", "parameters", "problem", "bulk", "ridge", "loss", "convex", "model"],
    ...["solve", "covariates", "observables", "curve", "tuning", "plot", "target", "multiIndex", "statistics"],
  ],
};
/** Of a model, simulation reads the description alone. */
const DESCRIPTION = [
  ...["model/description.ts", "model/validation.ts", "covariates/description.ts", "covariates/checks.ts"],
  ...["covariates/inputLevels.ts", "multiIndex/description.ts", "multiIndex/givenSpikes.ts", "multiIndex/stepList.ts"],
];
/** Of statistics, the names of pairs and what follows from them. */
const SHARED_STATISTICS = ["statistics/decomposition.ts", "statistics/ensembles.ts"];
const NODE_LAYERS = ["cli", "simulation", "queue"];

describe("imports", () => {
  test.each(files)("%s imports only what its layer may", (path) => {
    const layer = layerOf(path);
    for (const { to, internal } of importsOf(path)) {
      if (!internal) {
        expect(to.startsWith("node:") && !NODE_LAYERS.includes(layer), to).toBe(false);
        continue;
      }
      if (layer === "cli" || layer === "queue" || layer === layerOf(to) || to === "../package.json") continue;
      expect(ALLOWED[layer] ?? [], `${path} imports ${to}`).toContain(layerOf(to));
      if (layer === "simulation" && ["model", "covariates", "multiIndex"].includes(layerOf(to)))
        expect(DESCRIPTION).toContain(to);
      if (layer === "simulation" && layerOf(to) === "statistics") expect(SHARED_STATISTICS).toContain(to);
    }
  });

  test("no file imports itself, however indirectly, types included", () => {
    const state = new Map<string, "open" | "done">();
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === "done") return;
      expect(state.get(path), [...trail, path].join(" → ")).toBeUndefined();
      state.set(path, "open");
      for (const { to, internal } of importsOf(path)) {
        if (internal && !to.startsWith("..")) visit(to, [...trail, path]);
      }
      state.set(path, "done");
    };
    for (const path of files) visit(path, []);
  });

  const closure = (start: string): { files: Set<string>; packages: Set<string> } => {
    const [seen, packages] = [new Set<string>(), new Set<string>()];
    const visit = (path: string): void => {
      if (seen.has(path) || path.startsWith("..")) return;
      seen.add(path);
      for (const { to, internal, typeOnly } of importsOf(path)) {
        if (typeOnly) continue;
        if (internal) visit(to);
        else packages.add(to);
      }
    };
    visit(start);
    return { files: seen, packages };
  };

  test.each(["index.ts", "solve/index.ts", "equations/index.ts", "numerics/index.ts", "simulation/browser.ts"])(
    "%s runs in browsers and brings no command line along",
    (entry) => {
      const { packages } = closure(entry);
      expect([...packages].filter((name) => !["gauss-quadrature", "ml-matrix"].includes(name))).toEqual([]);
    },
  );

  test("simulation never reaches the solver", () => {
    const reached = [...closure("simulation/index.ts").files, ...closure("simulation/worker.ts").files];
    expect(
      reached.filter((path) => ["bulk", "ridge", "convex", "spectrum", "observables", "curve"].includes(layerOf(path))),
    ).toEqual([]);
  });
});
