/**
 * Learning curves of two-layer networks after one large gradient step: the complete public list. It runs in browsers too;
 * simulation is `replica-theory/simulation`.
 *
 * @module replica-theory
 */
export { ConvergenceError, ExpressionError, ParameterError, QuadratureError } from "./errors.ts";

export { activation, type Activation, type ActivationInput } from "./activation/activation.ts";
export { hermiteCoefficients } from "./activation/hermite.ts";
export { hermitePolynomial } from "./activation/hermitePolynomial.ts";

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
export { type StepParameter, SWEEP_PARAMETERS, type SweepParameter, type SweptName } from "./parameters/table.ts";
export { type DerivedQuantities, type LabelLaw, type Model } from "./model/model.ts";
export { featureModel } from "./model/featureModel.ts";
export type {
  Channel,
  ChannelKind,
  Group,
  GroupMoments,
  Problem,
  Row,
  RowFunction,
  Strength,
  TargetMoments,
} from "./problem/problem.ts";
export {
  meanChannel,
  powerChannel,
  rowNormChannel,
  spikeDirectionChannel,
  targetDirectionChannel,
} from "./problem/channels.ts";
export { isotropicBulk } from "./bulk/isotropic.ts";
export type {
  BulkRows,
  LinearBasis,
  PriorPrecision,
  ResolventArgument,
  ResolventSolution,
  Source,
  WeightResolvent,
} from "./bulk/weightResolvent.ts";
export type {
  FeaturesOfSeveral,
  MultiIndexDescription,
  SpikesInDirections,
  StepInput,
  SteppedNetwork,
} from "./multiIndex/description.ts";
export { type GradientSteps, gradientSteps, type StepSpikes } from "./multiIndex/gradientSteps.ts";
export type { ReusedStep } from "./multiIndex/reusedStep.ts";
export type { MultiIndexResult, MultiIndexSolution } from "./multiIndex/solver.ts";
export type { RowNormValues, SpikeOverlapsOfReadout, SpikeSolution } from "./multiIndex/spikeSolver.ts";
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

export { type Description, solve, type Solution, trySolve } from "./curve/solve.ts";
export type {
  ConvexCovariates,
  CovariateDescription,
  CovariateTeacher,
  GaussianCovariates,
  GaussianCovariatesModel,
  LabelMoments,
  ListedSpectrum,
  PowerLawSpectrum,
  SamplePoint,
  Spectrum,
  StructuredGradientStep,
  StructuredInputs,
  StructuredRandomFeatures,
  StructuredRandomFeaturesModel,
} from "./covariates/description.ts";
export type { CovariateSolution } from "./covariates/ridgeObservables.ts";
export type { ConvexCovariatesSolution } from "./covariates/convexCovariates.ts";
export type { StructuredFeaturesSolution } from "./covariates/solveCovariates.ts";
export type { AnyCovariateSolution, StructuredStepSolution } from "./covariates/solve.ts";
export { type OptimalRidge, optimalRidge, type RidgeSign } from "./covariates/optimalRidge.ts";
export { effectiveRidgeCurve, type EffectiveRidgeRow } from "./covariates/effectiveRidgeCurve.ts";
export { type FiniteSize, finiteSizeNotice, meanRank } from "./ridge/finiteSize.ts";
export { trySolveModel } from "./ridge/solveProblem.ts";
export type {
  LossFailure,
  LossOverlaps,
  LossResult,
  LossSolution,
  MarginSolution,
  ResidualSolution,
} from "./convex/solution.ts";
export type { RidgePoint } from "./ridge/limits.ts";
export type {
  Convergence,
  GroupSolution,
  Overlaps,
  RidgeFailure,
  RidgeResult,
  RidgeSolution,
} from "./ridge/solution.ts";
export { ridgeSolver, type RidgeSolver, type SolvedPoint, type SolverModel } from "./ridge/solve.ts";

export { type Baselines, baselines, baselinesOf } from "./observables/baselines.ts";
export { type Bound, type Bounds, bounds, boundsOf } from "./observables/bounds.ts";
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
export { type LearnedSurface, learnedSurface } from "./multiIndex/learnedSurface.ts";
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
  type CovariateCurveDescription,
  type CovariateRow,
  type CurveDescription,
  type CurveOptions,
  type StatisticsOptions,
  type CurveParameters,
  type CurveRow,
  type FailedRow,
  type LossCurveDescription,
  type LossRow,
  type MultiIndexCurveDescription,
  type MultiIndexRow,
  type SolvedRow,
  type Sweep,
} from "./curve/sweep.ts";

export { learningCurve, type LearningCurveOptions } from "./plot/learningCurve.ts";
export type { FigureLook } from "./plot/look.ts";
export type { KeyEntry } from "./plot/key.ts";
export type { CurveWords, PlottedRow, SimulatedValue } from "./plot/plottedRow.ts";
export type { Quantity } from "./plot/quantities.ts";
export type { BaselineName } from "./plot/references.ts";
export { type BayesOptimalDescription, type BayesOptimum, bayesOptimal } from "./observables/bayesOptimal.ts";
export { branchPlot, type BranchPlotOptions } from "./plot/branchPlot.ts";
export type { DataSpecification, VegaLiteSpecification } from "./plot/specification.ts";
export { type Bar, type Cross, type Line, linePlot, type LinesOptions } from "./plot/lines.ts";

export { curve, curveRows, type Tuned } from "./tuning/curve.ts";
export { type Budget, type Over } from "./tuning/axes.ts";
export { type BoundaryName, BOUNDARIES } from "./tuning/boundaries.ts";
export { type Derivatives, derivatives } from "./tuning/derivatives.ts";
export { type Derivative, type PointDerivatives } from "./tuning/numbersOf.ts";
export { map, type MapAxis, type MapCell, type MapLines, type MapOptions, type ParameterMap } from "./tuning/map.ts";
export type { Minimum, Optimum } from "./tuning/minimum.ts";
export { optimum, type OptimumOptions } from "./tuning/optimum.ts";
export type { EnsembleErrors, EnsembleKind, Ensembles } from "./statistics/ensembles.ts";
export { decompositionFigure, type DecompositionOptions } from "./plot/decomposition.ts";
export type { Decomposition, PairErrors } from "./statistics/decomposition.ts";
export { statistics, type Statistics } from "./statistics/statistics.ts";
