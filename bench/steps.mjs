// Milliseconds of processor time a point of models with two steps or several directions, warm, over the sample ratio; and what a
// model costs at first: its steps, its tables and its first point.
import { curveRows } from "replica-theory";

const step = (learningRate) => ({ learningRate, stepSampleRatio: 4 });
const network = { model: "trainedNetwork", student: "relu", target: "x1+x1*x2", steps: [step(1), step(1)] };
const two = { readoutValues: [1, -0.5] };
const stairs = { target: "tanh(2*x1)*(1+tanh(2*x2))" };
const models = [
  ["srf, K = 2", { ...network, ...two, theory: "srf" }, 20],
  ["srf, K = 2, steep target", { ...network, ...two, ...stairs, theory: "srf" }, 20],
  ["network, K = 1, tanh", { ...network, student: "tanh" }, 10],
  ["network, K = 1, noise", { ...network, labelNoise: 0.1 }, 10],
  ["network, K = 2", { ...network, ...two }, 50],
  ["network, K = 2, steep target", { ...network, ...two, ...stairs }, 50],
];
const BLOCKS = 3;
const POINTS = 15;
const sampleRatio = [1, ...Array.from({ length: BLOCKS * POINTS }, (_, i) => 0.3 * 20 ** ((i % POINTS) / POINTS))];

const milliseconds = (action) => {
  const start = process.cpuUsage();
  action();
  return process.cpuUsage(start).user / 1000;
};

export default function run() {
  for (const [name, model, bound] of models) {
    const rows = curveRows({ ...model, widthRatio: 0.8, ridge: 0.05 }, { sweep: { sampleRatio } })[Symbol.iterator]();
    const cold = milliseconds(() => rows.next());
    const block = () => {
      for (let i = 0; i < POINTS; i++) rows.next();
    };
    const warm = Math.min(...Array.from({ length: BLOCKS }, () => milliseconds(block))) / POINTS;
    console.log(
      `${name.padEnd(28)} model and first point ${cold.toFixed(0).padStart(5)} ms, warm ${warm.toFixed(1).padStart(5)} ms`,
      `a point: ${(warm / bound).toFixed(2)} of ${bound} ms`,
    );
  }
}
