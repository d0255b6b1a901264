import fc from "fast-check";
import type { SpectrumModel } from "../../src/observables/featureSpectrum.ts";

const logarithmic = (low: number, high: number) =>
  fc
    .double({ min: Math.log(low), max: Math.log(high), noNaN: true })
    .map((value) => Number(Math.exp(value).toPrecision(3)));
const between = (low: number, high: number) =>
  fc.double({ min: low, max: high, noNaN: true }).map((value) => Number(value.toFixed(2)));

const point = {
  student: fc.constantFrom("tanh", "relu", "sin"),
  sampleRatio: logarithmic(0.1, 1000),
  widthRatio: logarithmic(0.1, 30),
};
const readout = fc.option(
  between(-1, 1).map((second) => ({ readoutValues: [1, second] })),
  { nil: {} },
);

const spiked = fc
  .tuple(fc.record({ ...point, spikeStrength: between(0, 3) }), readout)
  .map(([fields, values]): SpectrumModel => ({ model: "spikedRandomFeatures", ...fields, ...values }));
const network = fc
  .tuple(
    fc.record({
      ...point,
      target: fc.constantFrom("sin", "tanh"),
      learningRate: between(0.3, 3),
      stepSampleRatio: logarithmic(0.3, 8),
    }),
    readout,
  )
  .map(([fields, values]): SpectrumModel => ({ model: "trainedNetwork", ...fields, ...values }));

/** Spiked features and trained networks, one group or two, over α in [.1, 1000] and β in [.1, 30]. */
export const spectrumModels: fc.Arbitrary<SpectrumModel> = fc.oneof(spiked, network);
