/**
 * Simulation without Node: one thread, WASM linear algebra.
 *
 * @module replica-theory/simulation/browser
 */
export { simulateInThread as simulate, type SimulationOptions } from "./simulate.ts";
export {
  isCovariates,
  type SimulatedDescription,
  specify,
  type SimulationGrid,
  type SimulationSpecification,
} from "./specification.ts";
export type { InputLaw, SignLaw } from "./inputLaw.ts";
export type { Groups, WeightLaw } from "./weightLaw.ts";
export { TrialError } from "./trialError.ts";
export { createTrialRunner, type TrialPoint, type TrialResult, type TrialRunner } from "./trial.ts";
export { wasmAlgebra } from "./backends/wasm.ts";
export type { RunSignal } from "./runSignal.ts";
export type { SimulationProgress, TrialCount } from "./collect.ts";
export type { BackendName, LinearAlgebra } from "./linearAlgebra.ts";
export type { SimulatedOverlaps } from "./overlaps.ts";
export { TrialRecordError } from "./records.ts";
export { formatRecord, parseTrials, type StoredTrials, type TrialRecord } from "./trialRecord.ts";
export { summarize, type Simulation, type SimulationPoint } from "./summary.ts";
export { estimate, zScore, type Estimate } from "./statistics.ts";
export { Workspace, type Kernels } from "./workspace.ts";
export { matrix, type Matrix } from "./matrix.ts";
export { createObserver, type Observation, type Observed, type Observer } from "./observe.ts";
