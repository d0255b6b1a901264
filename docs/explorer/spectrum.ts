import { conditionalFeatureStatistics, type FeatureSpectrum, featureSpectrumOf } from "../../src/index.ts";
import type { ExplorerModel } from "./state.ts";

/** Spectra of the features at the marked point, with the step and without. */
export interface Spectra {
  readonly step: Spectrum;
  readonly noStep: Spectrum;
}

/** What is drawn of a spectrum. */
export type Spectrum = Pick<
  FeatureSpectrum,
  "grid" | "density" | "edges" | "massAtZero" | "outliers" | "outliersPerNeuron"
>;

/** Enough for a picture; they lie close together at the edges. */
const POINTS = 140;

/** @throws ParameterError for α = ∞ */
export function spectraOf(model: ExplorerModel, noStep?: Spectrum): Spectra {
  const spectrum = (learningRate: number): Spectrum => {
    const statistics = conditionalFeatureStatistics({ ...model, theory: "srf", learningRate });
    const { grid, density, edges, massAtZero, outliers, outliersPerNeuron } = featureSpectrumOf(statistics, model, {
      points: POINTS,
    });
    return { grid, density, edges, massAtZero, outliers, outliersPerNeuron };
  };
  return { step: spectrum(model.learningRate), noStep: noStep ?? spectrum(0) };
}
