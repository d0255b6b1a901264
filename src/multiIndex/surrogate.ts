import { POINT_PARAMETERS } from "../parameters/table.ts";
import { legalMultiIndex, type SpikesInDirections, type SteppedNetwork } from "./description.ts";
import { specialGeometry } from "./geometry.ts";
import { steppingNetwork } from "./models.ts";
import { startState, takeSteps, targetDirections } from "./steps.ts";

/**
 * The isotropic surrogate of a network after its steps, as features with spikes of their own (multiIndex §3): what `theory: "srf"`
 * solves, and what can be simulated at infinite batches.
 *
 * @throws ParameterError, ExpressionError for illegal input, and for rates that diverge
 */
export function stepSurrogate(description: SteppedNetwork): SpikesInDirections {
  const legal = legalMultiIndex(description, POINT_PARAMETERS);
  const { network, steps } = steppingNetwork(legal);
  const { R, tau } = takeSteps(network, steps).at(-1)?.after ?? startState(network);
  const m = network.target.directions;
  const { spikes, gamma } = specialGeometry(R, targetDirections(m, R[0]!.length), network.target.planes);
  const none = gamma.length === 0;
  const { student, target, labelNoise, sampleRatio, widthRatio, ridge } = legal;
  return {
    model: "spikedRandomFeatures",
    student,
    target,
    ...(labelNoise !== undefined && { labelNoise }),
    sampleRatio,
    widthRatio,
    ridge,
    // One direction at least: without spikes, one that no group uses.
    spikes: none ? R.map(() => [0]) : spikes,
    alignment: none ? targetDirections(1, m) : gamma,
    bulkVariance: tau.map((value) => value * value),
    readoutFractions: network.readoutFractions,
  };
}
