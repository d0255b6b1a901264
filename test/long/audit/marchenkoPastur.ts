import { featureSpectrum } from "../../../src/index.ts";

/**
 * Features without linear part are independent: their spectrum is the law of Marchenko and Pastur, here of (1/p)ΦᵀΦ with
 * variance μ2² on the edges μ2²(1 ± √(α/β))².
 */
export function marchenkoPastur(random: () => number) {
  const sampleRatio = Math.exp(-4 + 8 * random());
  const widthRatio = Math.exp(-4 + 8 * random());
  // E He_2² = 2; Var |z| = 1 − 2/π; Var cos z = (1 − 1/e)²/2.
  const students = { "x^2-1": 2, abs: 1 - 2 / Math.PI, cos: 0.5 * (1 - Math.exp(-1)) ** 2 };
  const names = Object.keys(students) as (keyof typeof students)[];
  const student = names[Math.floor(names.length * random())]!;
  const variance = students[student];
  const ratio = sampleRatio / widthRatio;
  const [left, right] = [1, -1].map((s) => variance * (1 - s * Math.sqrt(ratio)) ** 2) as [number, number];
  const grid = Array.from({ length: 15 }, (_, i) => left + ((right - left) * (i + 1)) / 16);
  const model = { model: "randomFeatures" as const, student, sampleRatio, widthRatio };
  const onGrid = featureSpectrum(model, { grid });
  const whole = featureSpectrum(model);
  return {
    model,
    found: {
      density: onGrid.density,
      edges: whole.edges.flat(),
      "mass at zero": [whole.massAtZero],
      "mean eigenvalue": [whole.grid.reduce((sum, x, i) => sum + whole.weights[i]! * x * whole.density[i]!, 0)],
    },
    expected: {
      density: grid.map((x) => Math.sqrt((right - x) * (x - left)) / (2 * Math.PI * variance * x)),
      edges: [left, right],
      "mass at zero": [Math.max(0, 1 - ratio)],
      "mean eigenvalue": [variance * ratio],
    },
  };
}
