import { ba22 } from "./ba22.ts";
import { cui24 } from "./cui24.ts";
import type { Figure } from "./figure.ts";
import { spectra } from "./spectra.ts";

/** Every figure, in the order of the papers. */
export const FIGURES: readonly Figure[] = [...cui24, ...ba22, ...spectra];
