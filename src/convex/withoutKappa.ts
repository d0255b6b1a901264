import { DERIVATIVES, type LocalPotential, type ObservedLosses } from "./localPotential.ts";

/** Part of the output's spread by which it may move unseen. */
const ROUNDING = 1e-17;

/** Arguments of a local potential but κ, and whether they are those of the last call. */
class LastArguments {
  private M = NaN;
  private L = NaN;
  private s2 = NaN;
  private V = NaN;

  repeats(M: number, L: number, s2: number, V: number): boolean {
    const unseen = ROUNDING * Math.sqrt(s2 + L * L);
    if (s2 === this.s2 && V === this.V && Math.abs(M - this.M) <= unseen && Math.abs(L - this.L) <= unseen) return true;
    [this.M, this.L, this.s2, this.V] = [M, L, s2, V];
    return false;
  }
}

/** The potential where labels do not hang on κ: features that do not either have it once, not node by node. */
export function withoutKappa(potential: LocalPotential): LocalPotential {
  const derivatives = { last: new LastArguments(), found: new Float64Array(DERIVATIVES) };
  const losses = { last: new LastArguments(), found: {} as ObservedLosses };
  return {
    ...potential,
    evaluate(_kappa, M, L, s2, V, out) {
      const { last, found } = derivatives;
      if (!last.repeats(M, L, s2, V)) potential.evaluate(0, M, L, s2, V, found);
      out.set(found);
    },
    observe(_kappa, M, L, s2, V, out) {
      const { last, found } = losses;
      if (!last.repeats(M, L, s2, V)) potential.observe(0, M, L, s2, V, found);
      Object.assign(out, found);
    },
  };
}
