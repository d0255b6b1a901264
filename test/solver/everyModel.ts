import fc from "fast-check";
import type { ModelDescription } from "../../src/model/description.ts";
import { spikedProblems } from "./randomModels.ts";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

type Point = Pick<ModelDescription, "sampleRatio" | "widthRatio" | "ridge" | "labelNoise" | "student" | "target">;

/** A model of every kind, in both theories of the trained network, with the parameters of a spiked problem. */
export const everyModel: fc.Arbitrary<ModelDescription> = fc
  .tuple(spikedProblems, between(-2, 2), between(0.3, 4), fc.nat({ max: 5 }))
  .map(([spiked, learningRate, stepSampleRatio, kind]): ModelDescription => {
    const { student, target, labelNoise = 0, sampleRatio, widthRatio, ridge, alignment, readoutValues } = spiked;
    const point: Point = { student, target, labelNoise, sampleRatio, widthRatio, ridge: Math.max(ridge, 1e-4) };
    const step = { learningRate, stepSampleRatio, readoutValues: readoutValues!.slice(0, 2) };
    switch (kind) {
      case 0:
        return { model: "randomFeatures", ...point };
      case 1:
        return { ...spiked, ...point };
      case 2:
        return { model: "smallRate", ...point, spikeStrength: Math.abs(learningRate), alignment };
      case 3:
        return { model: "powerChannels", ...point, powerChannels: [1, 2], alignment };
      default:
        return { model: "trainedNetwork", ...point, ...step, theory: kind === 4 ? "network" : "srf" };
    }
  });

/** Models whose features do not depend on the labels: all but the trained network. */
export const untrainedModels = everyModel.filter(({ model }) => model !== "trainedNetwork");

/** A named activation or formula as a function of another argument. */
export function composed(name: unknown, argument: string): string {
  const text = name as string;
  return /^[a-z]+$/i.test(text) ? `${text}(${argument})` : text.replaceAll("x", `(${argument})`);
}
