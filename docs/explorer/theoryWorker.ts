import { type Answer, answering } from "./answering.ts";
import type { Request } from "./state.ts";
import { emptyCache, explore, exploreNetworkSpectrum, exploreSpectra, type TheoryMessage } from "./theory.ts";

/** A request with its number; a newer one ends the work on it. */
export interface TheoryRequest {
  readonly id: number;
  readonly request: Request;
  readonly part: Part;
}

/** The curves and functions, and spectra: each part has a worker of its own. */
export type Part = "curves" | "spectra" | "networkSpectrum";
const CALCULATIONS = { curves: explore, spectra: exploreSpectra, networkSpectrum: exploreNetworkSpectrum };

export type TheoryAnswer = Answer<TheoryMessage>;

/** Milliseconds without a change before the longest calculation, which nothing interrupts, begins. */
const PAUSE = 150;

const cache = emptyCache();

addEventListener(
  "message",
  answering<TheoryRequest, TheoryMessage>(
    ({ request, part }) => CALCULATIONS[part](request, cache),
    (message) => (message.kind === "curve" ? message.theory : message.kind),
    ({ part }) => (part === "networkSpectrum" ? PAUSE : 0),
  ),
);
