import { featureModel, type FeatureSpectrum, featureSpectrumOf, type TrainedNetwork } from "../../src/index.ts";

/** Spectra of the features at the marked point: after the step, of the surrogate, and without a step. */
export interface Spectra {
  readonly srf: Spectrum;
  readonly noStep: Spectrum;
}

/** What is drawn of a spectrum. */
export type Spectrum = Pick<
  FeatureSpectrum,
  "grid" | "density" | "edges" | "massAtZero" | "outliers" | "outliersPerNeuron"
>;

/** Enough for a picture; they lie close together at the edges. */
const POINTS = 140;

/** @throws ParameterError, ConvergenceError */
export function spectrumOf(model: TrainedNetwork): Spectrum {
  const { grid, density, edges, massAtZero, outliers, outliersPerNeuron } = featureSpectrumOf(
    featureModel(model),
    model,
    { points: POINTS },
  );
  return { grid, density, edges, massAtZero, outliers, outliersPerNeuron };
}
