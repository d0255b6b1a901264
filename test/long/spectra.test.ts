import fc from "fast-check";
import { expect, test } from "vitest";
import { ConvergenceError } from "../../src/errors.ts";
import { featureSpectrum } from "../../src/observables/featureSpectrum.ts";
import { spectrumModels } from "../spectrum/spectrumModels.ts";

const MODELS = 600;
/** Part of the models that may be refused by name. */
const REFUSED = 0.01;

// Law: masses and moments to 1e-6, or a refusal, over the whole range.
test("spectra over α in [.1, 1000], β in [.1, 30]", () => {
  const refused: string[] = [];
  let [checked, worst] = [0, 0];
  for (const model of fc.sample(spectrumModels, { numRuns: MODELS, seed: 2024 })) {
    try {
      const { bulkMass, massAtZero, errorEstimate } = featureSpectrum(model);
      worst = Math.max(worst, Math.abs(bulkMass + massAtZero - 1), errorEstimate);
    } catch (error) {
      if (!(error instanceof ConvergenceError)) throw error;
      refused.push(`${JSON.stringify(model)}: ${error.message}`);
    }
    checked++;
  }
  console.log(`${refused.length} of ${checked} refused, worst error of the others ${worst}`, refused);
  expect(checked).toBe(MODELS);
  expect(worst).toBeLessThan(1e-6);
  expect(refused.length).toBeLessThan(REFUSED * MODELS);
}, 7_200_000);
