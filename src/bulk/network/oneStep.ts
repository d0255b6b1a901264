import type { Source } from "../weightResolvent.ts";
import type { PencilData } from "./pencil.ts";
import type { NetworkRows } from "./rowCovariance.ts";
import { combine, stepForms, type StepLaw, type StepVector } from "./stepForms.ts";

/** The data of one gradient step as the resolvent of the bulk sees them (theory §9). */
export interface StepData extends StepLaw {
  /** Per group: κ_B u_k² and a u_k. With sign −1 the group stands for −C_k; default 1. */
  readonly groups: readonly { readonly square: number; readonly linear: number; readonly sign?: 1 | -1 }[];
}

/** What the resolvent of a trained network's rows depends on. */
export interface OneStepNetwork {
  readonly data: StepData;
  /** Whether the labels grow without bound, and with them the spectrum of C_k. */
  readonly longTail: boolean;
  /** The same with all samples of the step, where this is without the far ones that a spectrum leaves out. */
  readonly whole?: OneStepNetwork;
  /** π_k */
  readonly fractions: readonly number[];
  /** c_k */
  readonly bulkVariances: readonly number[];
  /** Of v and ζ̂ in the block b of every group, and of the row norms (theory §9). */
  readonly spikeDirections: readonly StepVector[];
  readonly targetDirections: readonly StepVector[];
  readonly rowNorms: readonly (StepVector | undefined)[];
  /** F_k − |p_k|² */
  readonly rowNormExcess: readonly number[];
}

/** C_k = (I + u_k aA)² + u_k² κ_B B: the sample y enters with κ_B u_k² y² and a u_k y. */
export function pencilData({ rule, inverseRatio, groups }: StepData): PencilData {
  const square = groups.map((group) => rule.y.map((y) => group.square * y * y));
  const linear = groups.map((group) => rule.y.map((y) => group.linear * y));
  const curved = groups.some((group) => group.linear !== 0);
  return {
    groups: groups.length,
    steps: [{ inverseRatio, weight: rule.weight, square, ...(curved && { linear }) }],
    signs: groups.map(({ sign }) => sign ?? 1),
  };
}

/** The law of the rows after one step. */
export function oneStepRows(network: OneStepNetwork): NetworkRows {
  const { data, fractions, bulkVariances } = network;
  const vectorOf = ({ kind, group }: Source): StepVector | undefined => {
    if (kind === "spikeDirection") return network.spikeDirections[group];
    if (kind === "targetDirection") return network.targetDirections[group];
    return kind === "rowNorm" ? network.rowNorms[group] : undefined;
  };
  /** Variance that no vector of the step carries. */
  const excess = ({ kind, group }: Source) => (kind === "rowNorm" ? network.rowNormExcess[group]! : 0);
  return {
    pencil: pencilData(data),
    fractions,
    bulkVariances,
    knows: (source) => vectorOf(source) !== undefined,
    forms(pencil, point) {
      const forms = stepForms(data, pencil, point);
      return (
        forms && {
          gram(sources, signs) {
            const B = forms.gram(sources.map((source) => vectorOf(source)!));
            sources.forEach((source, i) => (B[i * (sources.length + 1)]! += excess(source) * signs[source.group]!));
            return B;
          },
          slopes: (sources, factors, changes) =>
            forms.derivative(
              combine(
                sources.map((source) => vectorOf(source)!),
                factors,
              ),
              changes,
            ),
        }
      );
    },
  };
}
