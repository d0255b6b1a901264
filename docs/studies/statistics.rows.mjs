/** Quantities of the table, by their names in the simulation, as functions of a solution. */
const rate = (kind) => (solution) => solution.ensembleOfTwo[kind].classificationError;
const mean = (kind) => (solution) => solution.ensembleOfTwo[kind].testError;
const own = (name) => (solution) => solution[name];
export const quantities = {
  testError: own("testError"),
  sameWeightsFreshSamples: own("sameWeightsFreshSamples"),
  freshWeightsSameSamples: own("freshWeightsSameSamples"),
  freshBoth: own("freshBoth"),
  varianceInputsNoise: own("varianceInputsNoise"),
  varianceWeightsInputs: own("varianceWeightsInputs"),
  varianceWeightsInputsNoise: own("varianceWeightsInputsNoise"),
  "ensembleOfTwo.freshBoth": mean("freshBoth"),
  "ensembleOfTwo.freshWeightsSameSamples": mean("freshWeightsSameSamples"),
  classificationError: own("classificationError"),
  "ensembleOfTwo.freshBoth.class": rate("freshBoth"),
};

/** Where groups share the mean, mean channels are nearly collinear and their norm at finite d counts. */
const theoryOf = ({ description, dimension }) => ({
  ...description,
  ...(description.readoutValues && { finiteDimension: dimension }),
});

/** Theory beside the mean and standard error of the simulation, for every quantity of every result. */
export function statisticsRows(results, statistics) {
  return results.map((result) => {
    const solution = statistics(theoryOf(result));
    const values = Object.entries(quantities).map(([name, read]) => {
      const [simulated, standardError] = result.simulated[name];
      return { name, theory: read(solution), simulated, standardError };
    });
    return { description: result.description, dimension: result.dimension, testError: solution.testError, values };
  });
}

/** What a row allows: three standard errors and 2 % of the value at d = 1000, in proportion to 1/d. */
export function allowed({ theory, standardError }, dimension) {
  return 3 * standardError + 0.02 * (1000 / dimension) * Math.abs(theory);
}
