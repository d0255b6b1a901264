// Milliseconds a point of the losses other than the square, from a new model and along a sweep.
import { curve, solve } from "replica-theory";

const signs = {
  model: "spikedRandomFeatures",
  student: "tanh",
  target: "sign",
  spikeStrength: 1.5,
  bulkVariance: 1.3,
  alignment: 0.9,
  widthRatio: 1,
  ridge: 0.1,
};
const wave = { ...signs, target: "sin(2*x)", labelNoise: 0.3 };
const ratios = Array.from({ length: 41 }, (_, i) => 1 + i / 20);
const ridges = Array.from({ length: 41 }, (_, i) => 10 ** (-3 + i / 20));

const milliseconds = (action) => {
  const start = performance.now();
  action();
  return performance.now() - start;
};
const best = (runs, action) => Math.min(...Array.from({ length: runs }, () => milliseconds(action)));

export default function run() {
  const rows = [
    ["logistic", { ...signs, loss: "logistic" }],
    ["hinge", { ...signs, loss: "hinge" }],
    ["squaredHinge", { ...signs, loss: "squaredHinge" }],
    ["Huber 0.5", { ...wave, loss: { huber: 0.5 } }],
    ["logistic, K = 2", { ...signs, loss: "logistic", readoutValues: [1, -0.5] }],
  ];
  console.log("ms a point           first of a process, of a new model, λ = 1e-3; warm over α, over λ from 1e-3 to .1");
  for (const [name, description] of rows) {
    const point = { ...description, sampleRatio: 2 };
    const first = milliseconds(() => solve(point));
    const cold = best(7, () => solve(point));
    const small = best(7, () => solve({ ...point, ridge: 1e-3 }));
    const sweep = (sweep) => {
      const points = Object.values(sweep)[0].length - 1;
      const [axis] = Object.keys(sweep);
      const whole = best(3, () => curve(point, { sweep }));
      const start = best(3, () => curve(point, { sweep: { [axis]: sweep[axis].slice(0, 1) } }));
      return (whole - start) / points;
    };
    const times = [first, cold, small, sweep({ sampleRatio: ratios }), sweep({ ridge: ridges })];
    console.log(name.padEnd(20), times.map((time) => time.toFixed(1).padStart(8)).join(" "));
  }
}
