import type { ModelDescription } from "../../src/model/description.ts";

/** A run of tiny trials, the same in process, on the queue and in shards. */
export const description: ModelDescription = {
  model: "trainedNetwork",
  student: "tanh",
  target: "tanh(2*x)",
  sampleRatio: 1.2,
  widthRatio: 1,
  ridge: 0.1,
  learningRate: 1,
  stepSampleRatio: 0.5,
};

export const grid = { sampleRatios: [0.5, 1.2], dimension: 20, testSamples: 50, seed: 7 };

/** The same on the command line. */
export const modelArguments = [
  ...[
    "--student",
    "tanh",
    "--target",
    "tanh(2*x)",
    "--sample-ratio",
    "0.5,1.2",
    "--width-ratio",
    "1",
    "--ridge",
    "0.1",
  ],
  ...["--learning-rate", "1", "--step-sample-ratio", "0.5", "--dimension", "20", "--test-samples", "50", "--seed", "7"],
  ...["--backend", "wasm"],
];
