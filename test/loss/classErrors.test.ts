import { expect, test } from "vitest";
import { solve } from "../../src/index.ts";
import type { LossDescription } from "../../src/parameters/description.ts";

const features = {
  ...{ model: "spikedRandomFeatures", student: "tanh", spikeStrength: 1.5, bulkVariance: 1.3 },
  ...{ sampleRatio: 2, widthRatio: 1, target: "sign" },
} as const;
const flipped = { alignment: 1, ridge: 100, labelFlips: 0.1 } as const;

/**
 * References: at the solution's order parameters, Gauss–Legendre panels in κ bisected until they agree to 1e-15, that begin at the
 * changes of sign of the output and of the labels and grow from 1e-8 by factors of two away from them; given κ the integral over ζ
 * by panels of its own.
 */
test.each([
  [{ loss: "logistic", alignment: 0.5, ridge: 0.1 }, 0.26231890625924, 0.12622221860839],
  [{ loss: "squaredHinge", alignment: 0.5, ridge: 0.1 }, 0.26121414078265, 0.06864551229506],
  [
    { loss: "logistic", teacher: "logistic", logisticScale: 2, target: "x", alignment: 0.5, ridge: 0.1 },
    ...[0.34410805097872, 0.17340919810125],
  ],
  [{ loss: "logistic", alignment: 0.999, ridge: 10 }, 0.014225389042487, 0.014009449565582],
  [{ loss: "logistic", ...flipped }, 0.10019178093875, 0.09998711764252],
  [{ loss: "hinge", ...flipped }, 0.10051644917986, 0.09998572896133],
  [{ loss: { huber: 0.5 }, labels: "sign", ...flipped }, 0.10062516982495, 0.10003829121355],
  [
    { loss: { huber: 0.5 }, labels: "sign", alignment: 1, ridge: 10, labelNoise: 0.3 },
    ...[0.04042440300278, 0.03535368501052],
  ],
] as const)("classes may change faster than anything the nodes are chosen for: %j", (change, testError, trainError) => {
  const solution = solve({ ...features, ...change } as LossDescription);
  const allowed = 1e-12 + 2 * solution.errorEstimate;
  expect(Math.abs(solution.testClassificationError - testError)).toBeLessThan(allowed);
  expect(Math.abs(solution.trainClassificationError! - trainError)).toBeLessThan(allowed);
});
