import { ParameterError } from "../errors.ts";
import type { Workspace } from "./workspace.ts";

/** A generator of its own: normals by the ziggurat over xoshiro256++. */
export interface RandomStream {
  /** Independent N(0, scale²) entries, in order. */
  fillNormals(values: Float64Array, scale?: number): void;
  /** One N(0, 1) draw, the next of the same sequence. */
  normal(): number;
  /** Remembers the place; what is returned winds the stream back to it, so that the same numbers come again. */
  mark(): () => void;
}

/** What a trial draws, each from a stream of its own, so that no part's length moves another's numbers. */
export const streamNames = ["weights", "stepInputs", "stepNoise", "trainInputs", "trainNoise", "testInputs"] as const;
export type TrialStreams = Readonly<Record<(typeof streamNames)[number], RandomStream>>;

/** Doubles of workspace that {@link trialStreams} takes. */
export const streamStateLength = 4 * streamNames.length;

/** @throws ParameterError unless the seed is an integer in [0, 2⁵³). */
export function validateSeed(seed: number): void {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) throw new ParameterError("seed", seed, "an integer in [0, 2^53)");
}

/** Where the last trial began: a long run that jumped to every trial from its seed would take a time quadratic in its trials. */
const reached = new WeakMap<Float64Array, { seed: number; trial: number; state: BigUint64Array }>();

/**
 * Streams of one trial: xoshiro256++ seeded by splitmix64, one long jump (2¹⁹² draws) per trial and one jump (2¹²⁸ draws) per
 * stream. They depend on the seed and the trial's index only, and are the same bits on every machine.
 */
export function trialStreams(workspace: Workspace, states: Float64Array, seed: number, trial: number): TrialStreams {
  validateSeed(seed);
  const { kernels } = workspace;
  const start = states.byteOffset;
  const words = new BigUint64Array(states.buffer, start, streamStateLength);
  const last = reached.get(states);
  const goesOn = last?.seed === seed && last.trial <= trial;
  if (goesOn) words.set(last.state);
  else kernels.seedState(start, seed % 2 ** 32, Math.floor(seed / 2 ** 32));
  for (let i = goesOn ? last.trial : 0; i < trial; i++) kernels.longJump(start);
  reached.set(states, { seed, trial, state: words.slice(0, 4) });
  const streams = streamNames.map((name, index) => {
    if (index > 0) {
      words.copyWithin(4 * index, 4 * (index - 1), 4 * index);
      kernels.jump(start + 32 * index);
    }
    const state = start + 32 * index;
    const stream: RandomStream = {
      fillNormals: (values, scale = 1) => kernels.fillNormals(state, values.byteOffset, values.length, scale),
      normal: () => kernels.nextNormal(state),
      mark: () => {
        const place = words.slice(4 * index, 4 * index + 4);
        return () => words.set(place, 4 * index);
      },
    };
    return [name, stream] as const;
  });
  return Object.fromEntries(streams) as TrialStreams;
}
