import type { Channel, Strength } from "./problem.ts";

/**
 * Group means: X = μ0_k. Unpenalised, or of strength d in the finite-size option (theory §3, §6).
 *
 * @example
 * meanChannel(1).strength; // Infinity
 */
export function meanChannel(group: number, strength: Strength = Infinity): Channel {
  return { kind: "mean", group, strength, value: ({ groups }) => groups[group]!.mu0 };
}

/**
 * The spike's image W v, along the axis κ_a: X = κ_a μ1_k, of strength c_k (theory §3).
 *
 * @example
 * spikeDirectionChannel(0, 1.5).strength; // 1.5
 */
export function spikeDirectionChannel(group: number, strength: Strength, direction = 0): Channel {
  return {
    kind: "spikeDirection",
    group,
    strength,
    direction,
    value: ({ groups }, kappa) => kappa[direction]! * groups[group]!.mu1,
  };
}

/**
 * Fluctuating row norms: X = ∂μ0_k/∂c_k, of strength d Var ‖w_j‖² (theory §3).
 *
 * @example
 * rowNormChannel(0, 2).kind; // "rowNorm"
 */
export function rowNormChannel(group: number, strength: Strength): Channel {
  return { kind: "rowNorm", group, strength, value: ({ groups }) => groups[group]!.normSlope ?? 0 };
}

/**
 * The bulk's image of the target's direction ζ_b: Y_b = μ1_k, of strength c_k. Its coefficient is ψ_k (theory §4).
 *
 * @example
 * targetDirectionChannel(0, 1).slopes.length; // 1
 */
export function targetDirectionChannel(group: number, strength: Strength, direction = 0): Channel {
  const slopes = Array.from({ length: direction + 1 }, (_, b) =>
    b === direction ? ({ groups }: { groups: readonly { mu1: number }[] }) => groups[group]!.mu1 : undefined,
  );
  return { kind: "targetDirection", group, strength, direction, slopes };
}

/**
 * A spike that is a power of the input: X = κ^power (theory §6, intermediate rates).
 *
 * @example
 * powerChannel(2).value({ groups: [] }, [3]); // 9
 */
export function powerChannel(power: number, strength: Strength = Infinity): Channel {
  return { kind: "power", group: 0, strength, value: (_, kappa) => kappa[0]! ** power };
}
