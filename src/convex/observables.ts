import { averageClasses } from "./classError.ts";
import type { Table } from "../problem/table.ts";
import { dot } from "../numerics/linearAlgebra.ts";
import { packedPair } from "../bulk/packed.ts";
import type { ConvexLoss } from "../loss/convexLoss.ts";
import { averageByOneRule, type LocalPotential, type Observed, type ObservedLosses } from "./localPotential.ts";
import { factorsOf, fieldsAt, type LocalArguments, localFields, type SaddleState } from "./localState.ts";
import type { Convergence, LossOverlaps, LossSolution } from "./solution.ts";
import type { LossPoint } from "./saddlePoint.ts";

/** The observables at a solution (convexLosses §3). */
export function lossSolution(
  grid: Table,
  loss: ConvexLoss,
  potential: LocalPotential,
  state: SaddleState,
  point: LossPoint,
  convergence: Convergence,
): LossSolution {
  const observed = observe(grid, potential, state, point);
  const { testLoss, trainLoss } = observed;
  const summary = overlaps(grid, state);
  const norm = summary.Q2.reduce((sum, value) => sum + value, 0);
  const objective = trainLoss + (0.5 * point.ridge * point.widthRatio * norm) / point.samples;
  const shared = { testLoss, trainLoss, objective, overlaps: summary, ...convergence };
  if (loss.kind === "margin") {
    return {
      status: "converged",
      kind: "margin",
      testClassificationError: observed.testClassification,
      trainClassificationError: observed.trainClassification,
      ...shared,
    };
  }
  return {
    status: "converged",
    kind: "residual",
    testError: observed.testSquare,
    excessRisk: observed.testSquare - dot(grid.weights, grid.target.noise),
    trainError: observed.trainSquare,
    testClassificationError: observed.testClassification,
    ...(Number.isNaN(observed.trainClassification) ? {} : { trainClassificationError: observed.trainClassification }),
    ...shared,
  };
}

/** Averages over κ at a solution, or near one. */
export function observe(grid: Table, potential: LocalPotential, state: SaddleState, point: LossPoint): Observed {
  const fields = localFields(grid);
  const factors = factorsOf(fields, state.coefficients);
  const total: ObservedLosses = { testLoss: 0, trainLoss: 0, testSquare: 0, trainSquare: 0 };
  const local = { ...total };
  const names = Object.keys(total) as (keyof ObservedLosses)[];
  const field: LocalArguments = { M: 0, L: 0, s2: 0, V: 0 };
  averageByOneRule(potential, average);
  const { susceptibility } = point;
  return { ...total, ...averageClasses(grid, { state, susceptibility, stiffness: 0 }, potential.classes) };

  function average(): void {
    for (const name of names) total[name] = 0;
    for (let i = 0; i < fields.nodes.length; i++) {
      fieldsAt(fields, state, factors, point.susceptibility, i, field);
      potential.observe(fields.nodes[i]!, field.M, field.L, field.s2, field.V, local);
      for (const name of names) total[name] += fields.weights[i]! * local[name];
    }
  }
}

/** Of a state, or of its derivatives, in which they are linear. */
export function overlaps({ groups, channels }: Table, { traces, norms, coefficients }: SaddleState): LossOverlaps {
  const K = groups.length;
  const last = traces.length - K;
  const pick = (...kinds: string[]) =>
    channels.flatMap((channel, i) => (kinds.includes(channel.kind) ? [coefficients[i]!] : []));
  const square = (packed: Float64Array) => groups.map((_, k) => groups.map((_, l) => packed[packedPair(K, k, l)]!));
  return {
    m: pick("mean", "power"),
    theta: pick("spikeDirection"),
    nu: pick("rowNorm"),
    psi: pick("targetDirection"),
    Q1: square(norms),
    Q2: [...norms.subarray(last)],
    V1: square(traces),
    V2: [...traces.subarray(last)],
  };
}
