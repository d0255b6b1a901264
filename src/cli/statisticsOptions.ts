import { FLAG } from "../parameters/kinds.ts";
import { MEMBERS } from "../statistics/ensembles.ts";
import { option } from "./modelOptions.ts";

/** What is asked for beside the solutions of ridge regression. */
export const STATISTICS_OPTIONS = {
  statistics: option(FLAG, "", "bias, variances, ensembles and the error rate of the sign, too"),
  ensemble: option(MEMBERS, "M", "the same with the means of M networks: a list, inf among them"),
};
