// Milliseconds of processor time a point of the trained network, warm, over the sample ratio; and what a model costs at first.
import { featureModel, ridgeSolver } from "replica-theory";

const base = {
  model: "trainedNetwork",
  student: "tanh",
  target: "sin",
  learningRate: 2,
  stepSampleRatio: 1,
  labelNoise: 0.1,
};
const even = { student: "tanh(x)+exp(-x^2/2)/2", target: "x+(x^2-1)/2" };
const models = [
  ["K = 1, odd student", base],
  ["K = 1, relu", { ...base, student: "relu", target: "x+(x^2-1)/2" }],
  ["K = 2, odd student", { ...base, readoutValues: [1, -0.5] }],
  ["K = 2", { ...base, ...even, readoutValues: [1, -0.5] }],
  ["K = 3", { ...base, ...even, readoutValues: [1.5, -1, 0.5] }],
  ["K = 4", { ...base, ...even, readoutValues: [1.5, -1, 0.5, 0] }],
];
const point = (sampleRatio) => ({ sampleRatio, widthRatio: 0.8, ridge: 0.05 });

const milliseconds = (action) => {
  const start = process.cpuUsage();
  action();
  return process.cpuUsage(start).user / 1000;
};

export default function run() {
  for (const [name, model] of models) {
    let own;
    const tabulation = milliseconds(() => {
      own = featureModel(model);
    });
    const solver = ridgeSolver(own);
    const cold = milliseconds(() => solver.solve(point(1)));
    const points = 100;
    const sweep = () => {
      for (let i = 0; i < points; i++) solver.solve(point(0.3 * 20 ** (i / points)));
    };
    const warm = Math.min(...Array.from({ length: 3 }, () => milliseconds(sweep))) / points;
    console.log(
      `${name.padEnd(20)} model ${tabulation.toFixed(0).padStart(4)} ms, first point ${cold.toFixed(1).padStart(5)} ms,`,
      `warm ${warm.toFixed(2).padStart(6)} ms a point`,
    );
  }
}
