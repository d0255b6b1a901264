import { describe, expect, it } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { closedPotential } from "../../src/convex/closedPotential.ts";
import { fieldPotential } from "../../src/convex/fieldPotential.ts";
import { interpolationPotential } from "../../src/convex/interpolationPotential.ts";
import { labelFunction, type LabelLaw, labelValues } from "../../src/convex/labelLaw.ts";
import { DERIVATIVES, type Observed } from "../../src/convex/localPotential.ts";
import { marginPotential } from "../../src/convex/marginPotential.ts";
import {
  absoluteLoss,
  hingeLoss,
  huberLoss,
  logisticLoss,
  quantileLoss,
  squaredHingeLoss,
} from "../../src/loss/convexLoss.ts";
import { interpolation, maximalMargin } from "../../src/loss/ridgelessLoss.ts";
import { labelsOf } from "../../src/model/signLabels.ts";
import { averageOf } from "../../src/numerics/gaussianAverage.ts";
import { normalTail } from "../../src/numerics/normal.ts";
import { quickNormal } from "../../src/numerics/normalTable.ts";

const random = (() => {
  let seed = 7;
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
})();

const signs = {
  certain: labelsOf({ target: "x", labels: "sign", labelNoise: 0, labelFlips: 0 }),
  probit: labelsOf({
    target: "x",
    labels: "sign",
    labelNoise: 0.3,
    labelFlips: 0.1,
    teacher: "probit",
    teacherShift: 0.4,
  }),
  "several places": labelsOf({ target: "x^3 - x + 0.1", labels: "sign", labelNoise: 0, labelFlips: 0.05 }),
};
const noiseless = { labelNoise: 0 };
const line: Omit<LabelLaw, "alignment"> = {
  target: activation("2*x - 0.3"),
  labelNoise: 0.2,
  outliers: { share: 0.1, variance: 5 },
};

/** Arguments at which labels are steep beside the loss now and then, and the loss beside them. */
const place = () => ({
  kappa: 6 * (random() - 0.5),
  M: 4 * (random() - 0.5),
  L: 2 * (random() - 0.5),
  s2: 10 ** (4 * random() - 3),
  V: 10 ** (5 * random() - 3),
});
const PLACES = Array.from({ length: 8 }, place);

function compare(
  own: ReturnType<typeof fieldPotential>,
  other: typeof own,
  { kappa, M, L, s2, V }: ReturnType<typeof place>,
) {
  const [a, b] = [new Float64Array(DERIVATIVES), new Float64Array(DERIVATIVES)];
  own.evaluate(kappa, M, L, s2, V, a);
  other.evaluate(kappa, M, L, s2, V, b);
  const [seen, expected] = [{} as Observed, {} as Observed];
  own.observe(kappa, M, L, s2, V, seen);
  other.observe(kappa, M, L, s2, V, expected);
  const apart = (x: number, y: number) => Math.abs(x - y) / (1 + Math.abs(y));
  return {
    first: Math.max(...[0, 1, 2, 3].map((j) => apart(a[j]!, b[j]!))),
    // Parts of the Jacobian alone.
    second: Math.max(...Array.from(a.subarray(4), (x, j) => apart(x, b[4 + j]!))),
    observed: Math.max(
      ...(Object.keys(expected) as (keyof Observed)[])
        .filter((name) => !Number.isNaN(seen[name]) && !Number.isNaN(expected[name]))
        .map((name) => apart(seen[name], expected[name])),
    ),
  };
}

/** Moments of the labels given κ, by their values along ζ. */
const momentsOf = (labels: LabelLaw) => (kappa: number) => {
  const { alignment } = labels;
  const at = labelFunction(labels);
  const expected = (f: (zeta: number, y: number) => number): number =>
    labelValues(labels).reduce((sum, { probability, value }) => {
      const given = (zeta: number) => at(alignment * kappa + Math.sqrt(1 - alignment ** 2) * zeta);
      return sum + averageOf((zeta) => probability(given(zeta)) * f(zeta, value(given(zeta))), "label", [], 1e-13);
    }, 0);
  const [mean, slope] = [expected((_, y) => y), expected((zeta, y) => zeta * y)];
  const noise = labelValues(labels).reduce((sum, { probability, noise: own }) => sum + probability(0.5) * own, 0);
  return { mean, slope, spread: expected((_, y) => y * y) - mean ** 2 - slope ** 2 + noise };
};

describe("local potentials without an integral over ζ", () => {
  const margins = [hingeLoss, squaredHingeLoss];
  const residuals = [huberLoss(0.5), absoluteLoss, quantileLoss(0.2)];

  it("agree with the integral over ζ", () => {
    let compared = 0;
    for (const loss of [...margins, ...residuals]) {
      const laws = [...Object.values(signs), ...(loss.kind === "residual" ? [line] : [])];
      laws.forEach((law, i) => {
        PLACES.forEach((at, j) => {
          const alignment = (i + j) % 5 === 0 ? 1 : random();
          const labels = { ...noiseless, ...law, alignment } as LabelLaw;
          const { first, second, observed } = compare(
            closedPotential(loss, labels)!,
            fieldPotential(loss, labels, 14),
            at,
          );
          expect(first, `${loss.name} ${JSON.stringify(at)}`).toBeLessThan(1e-11);
          expect(second, `${loss.name} ${JSON.stringify(at)}`).toBeLessThan(1e-7);
          expect(observed, `${loss.name} ${JSON.stringify(at)}`).toBeLessThan(1e-10);
          compared++;
        });
      });
    }
    expect(compared).toBe((2 * 3 + 3 * 4) * 8);
  });

  it("are for λ > 0 alone: in the limit λ → 0 they would be differences of what grows", () => {
    const labels = { ...noiseless, ...signs.certain, alignment: 0.5 } as LabelLaw;
    for (const loss of [hingeLoss, absoluteLoss]) expect(closedPotential(loss, labels)).toBeDefined();
    for (const limit of [maximalMargin(hingeLoss), interpolation(absoluteLoss)]) {
      expect(closedPotential(limit, labels)).toBeUndefined();
    }
  });

  it("of residuals that are interpolated by the moments of the labels", () => {
    const laws = [line, { target: activation("sin(2*x)"), labelNoise: 0.1 }, { ...noiseless, ...signs.probit }];
    for (const law of laws) {
      for (const at of PLACES) {
        const labels: LabelLaw = { ...law, alignment: random() };
        const loss = interpolation(huberLoss(0.5));
        const field = fieldPotential(loss, labels, 14);
        const own = interpolationPotential(field, fieldPotential(huberLoss(0.5), labels, 14), 0, momentsOf(labels));
        const [a, b] = [new Float64Array(DERIVATIVES), new Float64Array(DERIVATIVES)];
        own.evaluate(at.kappa, at.M, at.L, at.s2, at.V, a);
        field.evaluate(at.kappa, at.M, at.L, at.s2, at.V, b);
        b.forEach((y, j) => expect(Math.abs(a[j]! - y), JSON.stringify(at)).toBeLessThan(1e-10 * (1 + Math.abs(y))));
        expect(compare(own, field, at).observed).toBeLessThan(1e-10);
      }
    }
  });

  it("of smooth margin losses by the integral over the output, too", () => {
    for (const labels of Object.values(signs)) {
      for (const at of PLACES) {
        const law = { target: labels.target, labelNoise: 0, signs: labels.signs!, alignment: random() };
        if (law.signs.law.kind !== "steps") throw new Error("not steps");
        const own = marginPotential(logisticLoss, { alignment: law.alignment, ...law.signs.law }, 12);
        const { first, observed } = compare(own, fieldPotential(logisticLoss, law, 14), at);
        expect(first, JSON.stringify(at)).toBeLessThan(1e-10);
        expect(observed, JSON.stringify(at)).toBeLessThan(1e-10);
      }
    }
  });
});

describe("the table of the normal law", () => {
  it("has the density and the tail to 2e-16", () => {
    const quick = { density: 0, tail: 0 };
    const exact = { density: 0, tail: 0 };
    for (let x = -13; x <= 13; x += 0.00731) {
      quickNormal(x, quick);
      normalTail(x, exact);
      expect(Math.abs(quick.density - exact.density)).toBeLessThan(2e-16);
      expect(Math.abs(quick.tail - exact.tail)).toBeLessThan(2e-16);
    }
  });
});
