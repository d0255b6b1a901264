// Points per second of the solver, cold and warm, against the plain iteration of theory §4 measured in the same run.
import { featureModel, ridgeSolver } from "replica-theory";

const base = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "tanh",
  spikeStrength: 0.651,
  bulkVariance: 1.077,
  alignment: 0.563,
};
const three = { readoutValues: [1, -0.5, 2], readoutFractions: [0.3, 0.3, 0.4] };
const point = (sampleRatio, ridge = 0.01) => ({ sampleRatio, widthRatio: 1, ridge });

const seconds = (action) => {
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
};
const best = (runs, action) => Math.min(...Array.from({ length: runs }, () => seconds(action)));

/** Seconds a point of a warm sweep over α, and the iterations it took. */
function sweep(model, points, runs = 3) {
  const solver = ridgeSolver(model);
  let iterations = 0;
  const time = best(runs, () => {
    iterations = 0;
    for (let i = 0; i < points; i++) iterations += solver.solve(point(0.2 + (2.8 * i) / points)).iterations;
  });
  return { time: time / points, iterations: iterations / points };
}

/** The plain map of theory §4 for K = 1 until V1 and g move by less than 1e-9: what the solver accelerates. */
function plainIteration({ problem }, { sampleRatio, widthRatio, ridge }) {
  const c = problem.groups[0].bulkVariance;
  const nodes = Array.from({ length: 69 }, (_, i) => (i - 34) / 4);
  const weights = nodes.map((kappa) => Math.exp(-0.5 * kappa * kappa) / (4 * Math.sqrt(2 * Math.PI)));
  const moments = nodes.map((kappa) => problem.row(Float64Array.of(kappa)).groups[0]);
  const mu1 = moments.map((row) => row.mu1);
  const mu2Squared = moments.map((row) => row.mu2Squared);
  let [V1, g, steps] = [c / ridge, 1 / ridge, 0];
  for (let change = 1; change > 1e-9; steps++) {
    let [first, second] = [0, 0];
    for (let i = 0; i < weights.length; i++) {
      const damping = weights[i] / (1 + mu1[i] ** 2 * V1 + mu2Squared[i] * g);
      first += damping * mu1[i] ** 2;
      second += damping * mu2Squared[i];
    }
    const scale = sampleRatio / widthRatio;
    const [V1hat, D] = [scale * first, ridge + scale * second];
    const A = c * widthRatio * V1hat;
    const B = D + c * V1hat * (1 - widthRatio);
    const next = 2 / (B + Math.sqrt(B * B + 4 * A * D));
    change = Math.abs(next / g - 1) + Math.abs((c * next) / (1 + A * next) / V1 - 1);
    g = next;
    V1 = (c * g) / (1 + A * g);
  }
  return steps;
}

export default function run() {
  const start = performance.now();
  const first = featureModel(base);
  const solver = ridgeSolver(first);
  solver.solve(point(1));
  console.log(`first point of a process: ${(performance.now() - start).toFixed(1)} ms`);
  const cold = best(5, () => ridgeSolver(featureModel(base)).solve(point(1)));
  console.log(`first point of a new model, compiled: ${(1000 * cold).toFixed(2)} ms`);

  let steps = 0;
  const plain = best(3, () => {
    steps = plainIteration(first, point(1));
  });
  const rows = [
    ["K = 1", first],
    ["K = 3", featureModel({ ...base, ...three })],
  ];
  console.log(`plain iteration, fixed point alone: ${(1 / plain).toFixed(0)} points/s (${steps} steps)`);
  for (const [name, model] of rows) {
    const { time, iterations } = sweep(model, name === "K = 1" ? 30_000 : 3_000);
    console.log(
      `${name}, warm sweep over α: ${(1 / time).toFixed(0)} points/s, all observables, ${iterations.toFixed(1)} iterations,`,
      `${(plain / time).toFixed(0)} × the plain iteration`,
    );
  }

  console.log("cost against points (K = 1): µs a point");
  for (const points of [1_000, 10_000, 100_000]) {
    console.log(`${String(points).padStart(6)} ${(1e6 * sweep(first, points, 1).time).toFixed(2).padStart(8)}`);
  }
}
