/**
 * Simulation on Node: system BLAS or WASM. The browser's part is `replica-theory/simulation/browser`.
 *
 * @module replica-theory/simulation
 */
export { simulate, type NodeSimulationOptions } from "./simulateNode.ts";
export { resolveBackend, algebraOf, type BackendChoice } from "./backends/select.ts";
export { ResultFileError, TrialLog, readTrials } from "./resultFile.ts";
export {
  fileOfSize,
  type QuantityTheory,
  validate,
  type Validation,
  type ValidationOptions,
  type ValidationPoint,
} from "./validate.ts";
export { mainQuantity } from "../loss/describedLoss.ts";
export { SIMULATED_QUANTITIES, simulatedQuantities, type SimulatedQuantity } from "./quantities.ts";
export { extrapolate, normalScore, type Extrapolation, type SizedEstimate } from "./extrapolation.ts";
export { shardTrials, simulateShard, type Shard, type ShardOptions } from "./shards.ts";
export { formatRanges, mergeTrials, type MergedTrials } from "./merge.ts";
export { runTrials, type TrialRunOptions } from "./simulateNode.ts";
export { TrialPool, type WorkerTask } from "./trialPool.ts";
export {
  createObserver,
  createTrialRunner,
  TrialError,
  TrialRecordError,
  Workspace,
  estimate,
  formatRecord,
  matrix,
  parseTrials,
  isCovariates,
  specify,
  summarize,
  wasmAlgebra,
  zScore,
  type BackendName,
  type Estimate,
  type Groups,
  type Kernels,
  type LinearAlgebra,
  type Matrix,
  type Observation,
  type Observed,
  type Observer,
  type SimulatedOverlaps,
  type Simulation,
  type InputLaw,
  type SignLaw,
  type SimulatedDescription,
  type SimulationGrid,
  type SimulationOptions,
  type SimulationPoint,
  type RunSignal,
  type SimulationProgress,
  type SimulationSpecification,
  type StoredTrials,
  type TrialCount,
  type TrialPoint,
  type TrialRecord,
  type TrialResult,
  type TrialRunner,
  type WeightLaw,
} from "./browser.ts";
