import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ModelDescription, solve, type TrainedNetwork } from "../../src/index.ts";
import { composed, everyModel, untrainedModels } from "./everyModel.ts";
import { relative, spikedProblems } from "./randomModels.ts";

const RUNS = { numRuns: 30 };
const scales = fc.constantFrom(0.3, 0.5, 2, 7);

/** Errors of two models agree, those of the second divided by `scale`. */
function expectSame(first: ModelDescription, second: ModelDescription, scale = 1): void {
  const [a, b] = [solve(first), solve(second)];
  const noise = 1e-8 + 100 * (a.errorEstimate + b.errorEstimate);
  for (const name of ["testError", "trainError", "objective"] as const) {
    expect(relative(a[name], b[name] / scale), `${name}: ${a[name]}, ${b[name] / scale}`).toBeLessThan(noise);
  }
}

/** Trained networks whose initial output vanishes: the step then sees the labels alone. */
const oddNetworks = everyModel.filter(
  (model): model is TrainedNetwork =>
    model.model === "trainedNetwork" && ["tanh", "erf", "sin"].includes(model.student as string),
);

describe("law: the same data in other names", () => {
  it("x → −x in the target turns θ about: the alignment with it, for trained networks nothing", () => {
    fc.assert(
      fc.property(everyModel, (model) => {
        const target = composed(model.target, "-x");
        const alignment = "alignment" in model ? { alignment: -model.alignment } : {};
        expectSame(model, { ...model, target, ...alignment });
      }),
      RUNS,
    );
  });

  it("x → −x in the student turns the weights about, and with them the spike", () => {
    fc.assert(
      fc.property(
        everyModel.filter(({ model }) => model !== "powerChannels"),
        (model) => {
          const student = composed(model.student, "-x");
          const spike = model.model === "spikedRandomFeatures" ? { spikeStrength: -model.spikeStrength } : {};
          expectSame(model, { ...model, student, ...spike });
        },
      ),
      RUNS,
    );
  });

  it("−σ has the readout −a; a network trained with it, that of −u", () => {
    fc.assert(
      fc.property(everyModel, (model) => {
        const student = `-(${composed(model.student, "x")})`;
        const readout = model.model === "trainedNetwork" ? { readoutValues: model.readoutValues!.map((u) => -u) } : {};
        expectSame(model, { ...model, student, ...readout });
      }),
      RUNS,
    );
  });

  it("−v for v: the spike and its alignment change their signs", () => {
    fc.assert(
      fc.property(spikedProblems, (model) => {
        const { alignment, spikeStrength, readoutValues } = model;
        expectSame(model, { ...model, alignment: -alignment, spikeStrength: -spikeStrength });
        expectSame(model, { ...model, alignment: -alignment, readoutValues: readoutValues!.map((u) => -u) });
      }),
      RUNS,
    );
  });

  it("the order of the groups, for every model that has them", () => {
    const grouped = everyModel.filter((model) => "readoutValues" in model && model.readoutValues.length > 1);
    fc.assert(
      fc.property(grouped, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (model, share) => {
        const { readoutValues } = model as TrainedNetwork;
        const [first, second] = readoutValues!;
        const fractions = (one: number) => ({ readoutFractions: [one, 1 - one] });
        expectSame(
          { ...model, readoutValues: [first!, second!], ...fractions(share) } as ModelDescription,
          { ...model, readoutValues: [second!, first!], ...fractions(1 - share) } as ModelDescription,
        );
      }),
      RUNS,
    );
  });

  it("groups of equal u are one, also for a trained network", () => {
    fc.assert(
      fc.property(
        everyModel.filter(({ model }) => model === "trainedNetwork"),
        (model) => {
          const [u = 1] = (model as TrainedNetwork).readoutValues!;
          const one = { ...model, readoutValues: [u] } as ModelDescription;
          expectSame(one, { ...one, readoutValues: [u, u], readoutFractions: [0.3, 0.7] } as ModelDescription);
        },
      ),
      RUNS,
    );
  });
});

describe("law: units", () => {
  it("aσ with a²λ", () => {
    fc.assert(
      fc.property(untrainedModels, scales, (model, a) => {
        const student = `${a} * (${composed(model.student, "x")})`;
        expectSame(model, { ...model, student, ridge: a * a * model.ridge });
      }),
      RUNS,
    );
  });

  it("bσ* with b²Δ has errors b² times as large", () => {
    fc.assert(
      fc.property(untrainedModels, scales, (model, b) => {
        const target = `${b} * (${composed(model.target, "x")})`;
        expectSame(model, { ...model, target, labelNoise: b * b * model.labelNoise! }, b * b);
      }),
      RUNS,
    );
  });

  it("of a trained network with an odd student: aσ, bσ* and su with η̃/(abs), and r/s of random weights", () => {
    fc.assert(
      fc.property(oddNetworks, scales, scales, scales, (model, a, b, s) => {
        const inOtherUnits: ModelDescription = {
          ...model,
          student: `${a} * ${composed(model.student, "x")}`,
          target: `${b} * (${composed(model.target, "x")})`,
          labelNoise: b * b * model.labelNoise!,
          readoutValues: model.readoutValues!.map((u) => s * u),
          learningRate: model.learningRate / (a * b * s),
          ridge: a * a * model.ridge,
        };
        expectSame(model, inOtherUnits, b * b);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(spikedProblems, scales, (model, s) => {
        const readoutValues = model.readoutValues!.map((u) => s * u);
        expectSame(model, { ...model, readoutValues, spikeStrength: model.spikeStrength / s });
      }),
      RUNS,
    );
  });
});

describe("law: what adds", () => {
  it("errors are affine in Δ where the features do not depend on labels, and the overlaps do not change", () => {
    fc.assert(
      fc.property(untrainedModels, (model) => {
        const [none, some, more] = [0, 0.4, 1].map((labelNoise) => solve({ ...model, labelNoise }));
        for (const name of ["testError", "trainError", "objective"] as const) {
          const expected = none![name] + 0.4 * (more![name] - none![name]);
          expect(relative(some![name], expected), name).toBeLessThan(1e-8);
        }
        expect(relative(none!.overlaps.psi[0]!, more!.overlaps.psi[0]!)).toBeLessThan(1e-6);
        expect(relative(none!.overlaps.theta[0]!, more!.overlaps.theta[0]!)).toBeLessThan(1e-6);
      }),
      RUNS,
    );
  });

  it("a constant in the target costs nothing where the features have one without κ", () => {
    const constants = untrainedModels.filter(
      ({ model, student }) =>
        model !== "spikedRandomFeatures" && ["relu", "softplus", "gelu"].includes(student as string),
    );
    fc.assert(
      fc.property(constants, fc.double({ min: -3, max: 3, noNaN: true }), (model, constant) => {
        expectSame(model, { ...model, target: `${composed(model.target, "x")} + (${constant})` });
      }),
      RUNS,
    );
  });

  it("a step of rate 0, or on no samples, is none", () => {
    fc.assert(
      fc.property(
        everyModel.filter(({ model }) => model === "trainedNetwork"),
        (model) => {
          const { student, target, labelNoise, sampleRatio, widthRatio, ridge } = model;
          const random = { model: "randomFeatures", student, target, labelNoise, sampleRatio, widthRatio, ridge };
          const still = { ...model, readoutValues: [1] } as TrainedNetwork;
          expectSame(random as ModelDescription, { ...still, learningRate: 0 });
          expectSame(random as ModelDescription, { ...still, stepSampleRatio: 0 });
        },
      ),
      RUNS,
    );
  });
});
