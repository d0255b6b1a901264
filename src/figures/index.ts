import { ba22 } from "./ba22.ts";
import { cui24 } from "./cui24.ts";
import { dandi24 } from "./dandi24.ts";
import type { Figure } from "./figure.ts";
import { moniri24 } from "./moniri24.ts";
import { severalSteps } from "./severalSteps.ts";
import { systems } from "./systems.ts";
import { tripleDescent } from "./tripleDescent.ts";

/** Every figure, in the order of the papers. */
export const FIGURES: readonly Figure[] = [
  ...cui24,
  ...ba22,
  ...moniri24,
  ...dandi24,
  ...systems,
  ...severalSteps,
  tripleDescent,
];
