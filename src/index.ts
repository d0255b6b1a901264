/**
 * Learning curves of two-layer networks after one large gradient step: the complete public list. It runs in browsers too;
 * simulation is `replica-theory/simulation`.
 *
 * @module replica-theory
 */
export { ConvergenceError, ExpressionError, ParameterError, QuadratureError } from "./errors.ts";

export { activation, type Activation, type ActivationInput } from "./activation/activation.ts";
export { hermiteCoefficients, hermitePolynomial } from "./activation/hermite.ts";

export type {
  AnyDescription,
  LossDescription,
  LossParameters,
  ModelDescription,
  ModelParameters,
  PowerChannels,
  RandomFeatures,
  SmallRate,
  SpikedRandomFeatures,
  TrainedNetwork,
} from "./parameters/description.ts";
export type { LossInput, SmoothLoss } from "./parameters/loss.ts";
export { type ModelName, MODELS } from "./parameters/models.ts";
export { SWEEP_PARAMETERS, type SweepParameter } from "./parameters/table.ts";
export type {
  Channel,
  ChannelKind,
  ConditionalFeatureStatistics,
  ConditionalTarget,
  FeatureGroup,
} from "./model/conditionalFeatureStatistics.ts";
export { conditionalFeatureStatistics } from "./model/statistics.ts";
export type {
  FeaturesOfSeveral,
  MultiIndexDescription,
  SpikesInDirections,
  StepInput,
  SteppedNetwork,
} from "./multiIndex/description.ts";
export { type GradientSteps, gradientSteps, type StepSpikes } from "./multiIndex/gradientSteps.ts";
export type { MultiIndexResult, MultiIndexSolution, RowNormValues } from "./multiIndex/solver.ts";
export type { SpikeOverlapsOfReadout, SpikeSolution } from "./multiIndex/spikeSolver.ts";
export { type Exponents, exponents } from "./target/exponents.ts";
export type { TargetInput, TargetOfSeveral } from "./target/multiIndexTarget.ts";
export { type GradientStep, type GradientStepMap, gradientStepMap } from "./model/gradientStep.ts";
export {
  type Ba22Parameters,
  ba22LargeRate,
  ba22SmallRate,
  ridgeFromPapers,
  type SmallRateStep,
} from "./model/smallRate.ts";
export {
  type FiniteSizeStep,
  finiteSizeStep,
  intermediateRate,
  type IntermediateRateStep,
  spikeCount,
} from "./model/intermediateRate.ts";
export { gaussianReadout } from "./model/gaussianReadout.ts";

export { solve, trySolve } from "./loss/solve.ts";
export { trySolveStatistics } from "./solver/solve.ts";
export { type FiniteSize, finiteSizeNotice } from "./solver/finiteSize.ts";
export type {
  LossFailure,
  LossOverlaps,
  LossResult,
  LossSolution,
  MarginSolution,
  ResidualSolution,
} from "./loss/lossSolution.ts";
export {
  type Convergence,
  type Overlaps,
  type RidgeFailure,
  type RidgePoint,
  type RidgeResult,
  ridgeSolver,
  type RidgeSolution,
  type RidgeSolver,
} from "./solver/deterministicEquivalent.ts";

export { type Baselines, baselines } from "./observables/baselines.ts";
export { type Bound, type Bounds, bounds } from "./observables/bounds.ts";
export {
  type FeatureSpectrum,
  featureSpectrum,
  featureSpectrumOf,
  featureSupport,
  featureSupportOf,
  type SpectrumModel,
  type SpectrumOptions,
  type SpectrumSupport,
  stieltjesTransform,
} from "./observables/featureSpectrum.ts";
export { type FeatureSpike, type FeatureSpikes, featureSpikes } from "./observables/featureSpikes.ts";
export { type LargeRateConstant, largeRateConstant } from "./observables/largeRateConstant.ts";
export { type LearnedFunction, learnedFunction, learnedFunctionOf } from "./observables/learnedFunction.ts";
export {
  type SmallRateImprovement,
  smallRateImprovement,
  type SpikeImprovement,
  spikeImprovements,
} from "./observables/stepImprovement.ts";
export { readoutVocabulary, type VocabularyEntry, vocabularyGrowth } from "./observables/vocabulary.ts";
export {
  type TrainedWeights,
  type TrainedWeightSpectrum,
  trainedWeightSpectrum,
  type TrainedWeightSupport,
  trainedWeightSupport,
} from "./observables/trainedWeightSpectrum.ts";
export {
  type SpikedWeights,
  spikedWeightSpectrum,
  type SpikeOverlaps,
  type WeightSpectrum,
  weightSpectrum,
} from "./observables/weightSpectrum.ts";

export { toCsv } from "./curve/csv.ts";
export {
  curve,
  type CurveDescription,
  type CurveOptions,
  type CurveParameters,
  type CurveRow,
  curveRows,
  type FailedRow,
  type LossCurveDescription,
  type LossRow,
  type SolvedRow,
  type Sweep,
} from "./curve/sweep.ts";

export {
  learningCurve,
  type LearningCurveOptions,
  type PlottedRow,
  type Quantity,
  type SimulatedValue,
} from "./plot/learningCurve.ts";
export { branchPlot, type BranchPlotOptions } from "./plot/branchPlot.ts";
export { type Bar, type Cross, type Line, linePlot, type LinesOptions } from "./plot/lines.ts";
