import fc from "fast-check";
import { expect } from "vitest";
import { squareLoss, stiffnessOf } from "../../src/loss/convexLoss.ts";
import { localFields, type SaddleState } from "../../src/convex/localState.ts";
import { resolveLoss } from "../../src/loss/lossInput.ts";
import type { LossOverlaps } from "../../src/convex/solution.ts";
import { lossSolver } from "../../src/convex/solve.ts";
import { localPotential } from "../../src/convex/potentials.ts";
import { saddleAverages } from "../../src/convex/saddleAverages.ts";
import { saddleProblem } from "../../src/convex/saddlePoint.ts";
import { trySolve } from "../../src/solve/solve.ts";
import { sourcesOf } from "../../src/bulk/weightResolvent.ts";
import { GridSolver } from "../../src/ridge/gridSolver.ts";
import type { Problem } from "../../src/problem/problem.ts";
import { Rows } from "../../src/problem/rows.ts";
import { tabulate } from "../../src/problem/table.ts";
import type { LossDescription } from "../../src/model/description.ts";
import { withSignReadout } from "../../src/model/signLabels.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import { legendreRule } from "../../src/numerics/gaussLegendre.ts";
import { normalPdf } from "../../src/numerics/normal.ts";
import { packedPair, packedSize } from "../../src/bulk/packed.ts";
import { randomModels, randomReadout } from "./problems.ts";

const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

/** The trapezoid rule of step 1/32, on which smooth functions of κ have no quadrature error. */
const FINE_NODES = Float64Array.from({ length: 609 }, (_, i) => (i - 304) / 32);
const FINE_GRID = { nodes: FINE_NODES, weights: FINE_NODES.map((z) => normalPdf(z) / 32), errorOf: () => 0 };

const squareModels = fc
  .tuple(
    fc.oneof(
      {
        weight: 9,
        arbitrary: randomModels(["tanh", "erf", "sin"], ["sin(2*x)", "tanh", "He1", "x + cos(3*x)"]),
      },
      {
        weight: 1,
        arbitrary: randomModels(["tanh", "erf", "sin"], ["sign"]).map((m) => ({ ...m, alignment: 0.9 * m.alignment })),
      },
    ),
    randomReadout,
  )
  .map(([model, readout]) => ({ ...model, ...readout }));

/** Error estimate with which a result says that it has lost digits: several groups that cancel at small λ. */
const FLAGGED = 1e-9;

export const squareIsDirect = fc.property(fc.noBias(squareModels), (model) => {
  const own = featureModel(model);
  const table = tabulate(new Rows(own.problem), FINE_GRID);
  const found = new GridSolver(table, { bulk: own.bulk, finiteSize: false }).solve(model);
  const loss = lossSolver(own, squareLoss).solve(model);
  if (found.status !== "converged") throw new Error(found.detail);
  const direct = found.solution;
  if (loss.status !== "converged" || loss.kind !== "residual") throw new Error(JSON.stringify(loss));
  // Both lose digits where the training error is far below the label's variance, and where groups are so alike that
  // large coefficients cancel; beyond six digits they need not agree on what is collinear.
  const largest = Math.max(...direct.overlaps.m.map(Math.abs));
  const values = [...(model.readoutValues ?? [])].sort((a, b) => a - b);
  fc.pre(largest < 1e6 && values.every((u, k) => k === 0 || u - values[k - 1]! > 0.05));
  const said = loss.errorEstimate > FLAGGED ? loss.errorEstimate : 0;
  const tolerance = said + 1e-10 * (1 + 1e-5 * largest + (3e-4 * direct.testError) / direct.trainError);
  expect(relative(loss.testError, direct.testError)).toBeLessThan(tolerance);
  expect(relative(loss.trainError, direct.trainError)).toBeLessThan(tolerance);
  expect(relative(2 * loss.objective, direct.objective)).toBeLessThan(tolerance);
  direct.overlaps.Q2.forEach((value, k) => {
    expect(relative(loss.overlaps.Q2[k]!, value)).toBeLessThan(tolerance);
  });
});

const students = ["tanh", "relu", "erf", "sin", "softplus"];
const margins = fc
  .record({
    model: randomModels(students, ["sign"]),
    loss: fc.constantFrom("logistic" as const, "hinge" as const, "squaredHinge" as const),
    labelFlips: fc.constantFrom(0, 0, 0.1),
  })
  .map(({ model, ...loss }) => ({ ...model, ...loss }));
const residuals = fc
  .record({
    model: randomModels(students, ["sin(2*x)", "tanh", "sign", "relu", "He1", "x + cos(3*x)"]),
    huber: fc.double({ min: 0.1, max: 2, noNaN: true }),
  })
  .map(({ model, huber }) => ({ ...model, loss: { huber } }));
const problems = fc
  .tuple(fc.oneof({ weight: 3, arbitrary: margins }, { weight: 1, arbitrary: residuals }), randomReadout)
  .map(([problem, readout]) => ({ ...problem, ...readout }));

export const convergesOrSaysWhy = fc.property(fc.noBias(problems), (problem) => {
  const result = trySolve(problem);
  if (result.status !== "converged") {
    expect(result.detail).toMatch(/channels separate them|channels are nearly collinear/);
    return;
  }
  expect(result.errorEstimate).toBeLessThan(1e-7);
  // Few panels are enough for most.
  const step = newtonStepAt(problem, result.overlaps, 80);
  expect(step < 1e-6 ? step : newtonStepAt(problem, result.overlaps, 480)).toBeLessThan(1e-6);
});

const REACH = 9.5;
/** Panels around a change of sign. */
const DISTANCES = Array.from({ length: 22 }, (_, k) => 2 ** (-k / 2));

/**
 * Gauss–Legendre panels that end at κ = 0, where certain labels jump, and shrink towards places where the output changes sign:
 * nearly separated labels leave kinks close by.
 */
function panelledGrid(panels: number, signChanges: readonly number[]) {
  const { nodes: unit, weights: unitWeights } = legendreRule(12);
  const uniform = Array.from({ length: 2 * panels + 1 }, (_, k) => (REACH * (k - panels)) / panels);
  const graded = [0, ...signChanges].flatMap((c) => DISTANCES.flatMap((d) => [c - d, c + d]));
  const ends = Float64Array.from([...uniform, ...graded].filter((z) => Math.abs(z) <= REACH)).sort();
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let k = 0; k + 1 < ends.length; k++) {
    const half = 0.5 * (ends[k + 1]! - ends[k]!);
    if (half === 0) continue;
    unit.forEach((x, i) => {
      nodes.push(ends[k]! + half * (1 + x));
      weights.push(half * unitWeights[i]! * normalPdf(nodes.at(-1)!));
    });
  }
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights), errorOf: () => 0 };
}

/** Where M changes sign. */
function signChangesOf(problem: Problem, { m, theta, nu }: LossOverlaps): number[] {
  const coefficients = [...m, ...theta, ...nu];
  const { nodes, channels } = tabulate(new Rows(problem), FINE_GRID);
  const M = nodes.map((_, i) =>
    channels.reduce((sum, { parts: [values] }, c) => (values ? sum + coefficients[c]! * values[i]! : sum), 0),
  );
  return [...nodes].flatMap((z, i) => {
    const [before, after] = [M[i - 1] ?? M[i]!, M[i]!];
    return before * after < 0 ? [z + ((nodes[i - 1]! - z) * after) / (after - before)] : [];
  });
}

/** Newton's step, to first order the error, of the equations at a solution, on a grid that knows nothing of it. */
function newtonStepAt(problem: LossDescription, overlaps: LossOverlaps, panels: number): number {
  const { loss, labelFlips = 0, sampleRatio, ridge, widthRatio } = problem;
  const resolved = resolveLoss(loss);
  const described = { labelNoise: 0, ...problem, labelFlips };
  const own = resolved.kind === "margin" ? withSignReadout(featureModel(problem), described) : featureModel(problem);
  const grid = tabulate(new Rows(own.problem), panelledGrid(panels / 2, signChangesOf(own.problem, overlaps)));
  const potential = localPotential(resolved, own.labels, 16);
  const point = { samples: sampleRatio, susceptibility: 1, ridge, widthRatio };
  const groups = grid.groups.length;
  const fields = localFields(grid);
  const equations = saddleProblem(
    fields,
    groups,
    own.bulk,
    sourcesOf(own.problem.channels, widthRatio),
    point,
    saddleAverages(fields, { potential, susceptibility: 1, stiffness: stiffnessOf(resolved), negligible: 0 }),
    resolved.curvatureBound,
    {},
  );
  const reason = equations.evaluate(equations.pack(stateOf(overlaps, groups)));
  return reason === undefined ? equations.sizeOf(equations.newton) : NaN;
}

function stateOf({ V1, V2, Q1, Q2, m, theta, nu, psi }: LossOverlaps, groups: number): SaddleState {
  const packed = (square: readonly number[][], diagonal: readonly number[]) => {
    const values = new Float64Array(packedSize(groups));
    for (let k = 0; k < groups; k++) {
      for (let l = k; l < groups; l++) values[packedPair(groups, k, l)] = square[k]![l]!;
      values[values.length - groups + k] = diagonal[k]!;
    }
    return values;
  };
  return {
    traces: packed(V1, V2),
    norms: packed(Q1, Q2),
    coefficients: Float64Array.from([...m, ...theta, ...nu, ...psi]),
  };
}
