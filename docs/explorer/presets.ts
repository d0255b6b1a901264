import type { ExplorerState } from "./state.ts";

/** Settings worth a look; what they leave out is as by default. */
export const PRESETS: readonly { readonly title: string; readonly state: Partial<ExplorerState> }[] = [
  {
    title: "Cui24, Fig. 2 left: tanh learns tanh",
    state: { target: "tanh", learningRate: "1", stepSampleRatio: "1", ridge: "0.01" },
  },
  {
    title: "Cui24, Fig. 2 right: tanh learns sin",
    state: { learningRate: "1", stepSampleRatio: "2", ridge: "0.1" },
  },
  {
    title: "Cui24, Fig. 5: error against width",
    state: { learningRate: "1", stepSampleRatio: "1.5", sampleRatio: "1.2", ridge: "0.1", axis: "widthRatio" },
  },
  {
    title: "Where the surrogate fails: ReLU, He1 + He2/2",
    state: {
      student: "relu",
      target: "He1(x) + He2(x)/2",
      learningRate: "2",
      stepSampleRatio: "4",
      ridge: "0.05",
      labelNoise: "0.1",
    },
  },
  {
    title: "A staircase: the second step learns a second direction",
    state: {
      target: "x1 + (x1^2 - 1)*x2",
      learningRate: "2",
      stepSampleRatio: "inf",
      steps: [{ learningRate: "2", stepSampleRatio: "inf", reuseBatch: false }],
      sampleRatio: "2",
    },
  },
  {
    title: "Two readout values",
    state: {
      student: "relu",
      target: "x + cos(3x)",
      learningRate: "1.5",
      stepSampleRatio: "5",
      readoutValues: "1, -1",
    },
  },
  {
    title: "Interpolation peak",
    state: { learningRate: "1", ridge: "0.0001", labelNoise: "0.1", logErrors: true },
  },
  {
    title: "How large a step?",
    state: { learningRate: "2", stepSampleRatio: "4", axis: "learningRate" },
  },
];
