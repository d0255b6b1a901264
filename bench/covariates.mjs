// A learning curve from data against its eigendecomposition alone, and points per second of a curve over the ridge that needs no solving.
import { effectiveRidgeCurve } from "replica-theory";
import { learningCurveFromData } from "replica-theory/data";
import { algebraOf, matrix, resolveBackend, Workspace } from "replica-theory/simulation";

const N = 1000;
const COLUMNS = 600;
const LEVELS = 10_000;
const POINTS = 2000;

const milliseconds = (task) => {
  const start = performance.now();
  task();
  return performance.now() - start;
};
const best = (runs, task) => Math.min(...Array.from({ length: runs }, () => milliseconds(task)));

function eigendecomposition(features) {
  const workspace = Workspace.createSync(8 * (N * COLUMNS + N * N + 2 * N) + 4096);
  const algebra = algebraOf(resolveBackend())(workspace.kernels);
  const table = matrix(workspace.allocate(N * COLUMNS), N, COLUMNS);
  const square = matrix(workspace.allocate(N * N), N, N);
  const [values, work] = [workspace.allocate(N), workspace.allocate(N)];
  return () => {
    table.data.set(features.data);
    algebra.rowGram(square, 1, table);
    algebra.symmetricEigen(square, values, work, true);
  };
}

export default function run(runs = 3) {
  const data = Float64Array.from({ length: N * COLUMNS }, (_, i) => Math.sin(i * i * 0.618 + i));
  const features = { data, rows: N, columns: COLUMNS };
  const labels = Float64Array.from({ length: N }, (_, i) => (data[i * COLUMNS] > data[i * COLUMNS + 1] ? 1 : -1));
  const samples = Array.from({ length: 12 }, (_, i) => 50 + 65 * i);
  const ridges = Array.from({ length: 20 }, (_, i) => 10 ** (-3 + (4 * i) / 19));
  const alone = best(runs, eigendecomposition(features));
  for (const anchor of ["gcv", "loo"]) {
    const grid = best(runs, () => learningCurveFromData({ features, labels, samples, ridges, anchor }));
    const ratio = (grid / alone).toFixed(2);
    console.log(`N = ${N}, 12 × 20 grid, ${anchor}: ${grid.toFixed(0)} ms, ${ratio} × the eigendecomposition alone`);
  }
  const eigenvalues = Array.from({ length: LEVELS }, (_, i) => (i + 1) ** -1.2);
  const model = { model: "gaussianCovariates", eigenvalues, signal: eigenvalues.map((x) => x * x), samples: 5000 };
  const effectiveRidges = Array.from({ length: POINTS }, (_, i) => 1e-3 * 1.002 ** i);
  const curve = best(runs, () => effectiveRidgeCurve(model, effectiveRidges));
  console.log(`curve over the ridge, ${LEVELS} eigenvalues: ${((1000 * POINTS) / curve).toFixed(0)} points/s`);
}
