import { ConvergenceError } from "../errors.ts";
import { type BandDensity, midpointDensity, panelDensity } from "./bandDensity.ts";
import { type Band, bulkBands } from "./bands.ts";
import { bulkMoments } from "./bulkMoments.ts";
import type { ResolventPoint } from "./featureResolvent.ts";
import type { SpectralSystem } from "./spectralSystem.ts";

/** The density over all bands. */
export interface BulkDensity {
  readonly bands: readonly Band[];
  /** Ascending. */
  readonly points: readonly ResolventPoint[];
  /** Σ w f(x) ρ(x) = ∫ f dρ over the bulk. */
  readonly weights: readonly number[];
  /** Largest error of the mass and, relatively, of the first two moments on this grid, with what is left out. */
  readonly error: number;
}

const DEFAULT_POINTS = 400;
/** Fewest points of a band. */
const FEWEST = 8;
/** Agreement with the counted mass that ends the choice of the grid, */
const MASS_TOLERANCE = 1e-8;
/** and with masses and moments without which no spectrum is given. */
const LARGEST_ERROR = 1e-6;
/** The midpoint rule squares its error when its points double: one larger than this is not worth it. */
const SQUARED = 1e-4;
const MOST_SEARCHES = 4;

/**
 * @param points of the grid; by default as many as the density needs to have its mass and its moments
 * @throws ConvergenceError if no solution on the physical branch was found, or if masses or moments are not what they must be
 */
export function bulkDensity(system: SpectralSystem, points?: number): BulkDensity {
  const { resolvent, massAtZero } = system;
  let known: number[] = [];
  for (let search = 0; ; search++) {
    const bands = bulkBands(resolvent, massAtZero, known);
    checkMass(system, bands);
    const parts = bands.map((band) => densityOf(system, band, (points ?? DEFAULT_POINTS) / bands.length, points));
    const joint = join(bands, parts);
    const gaps = joint.points.filter(({ branch }) => branch === "gap").map(({ z }) => z[0]);
    if (gaps.length > 0 && search < MOST_SEARCHES) {
      known = [...known, ...gaps];
      continue;
    }
    const error = Math.max(...parts.map((part) => Math.abs(part.error)), momentError(system, joint));
    if (points === undefined && !(error <= LARGEST_ERROR)) {
      const detail = "mass or moments of the density differ from their closed forms";
      throw new ConvergenceError("max-iterations", detail, error, atPoint(system));
    }
    return { ...joint, error: error + leftOut(system) };
  }
}

const atPoint = ({ sampleRatio, widthRatio }: SpectralSystem) => ({ sampleRatio, widthRatio });

/** @throws ConvergenceError if the masses of the bands do not add up */
export function checkMass(system: SpectralSystem, bands: readonly Band[]): void {
  const mass = bands.reduce((sum, band) => sum + band.mass + band.massBelow, 0);
  const missing = Math.abs(mass + system.massAtZero - 1);
  if (missing <= LARGEST_ERROR) return;
  throw new ConvergenceError("max-iterations", "intervals of the bulk are missing", missing, atPoint(system));
}

function densityOf({ resolvent }: SpectralSystem, band: Band, share: number, points: number | undefined): BandDensity {
  const count = Math.max(FEWEST, Math.round(share));
  const density = midpointDensity(resolvent, band, count);
  if (points !== undefined || Math.abs(density.error) <= MASS_TOLERANCE) return density;
  if (Math.abs(density.error) <= SQUARED) {
    const finer = midpointDensity(resolvent, band, 2 * count);
    if (Math.abs(finer.error) <= MASS_TOLERANCE) return finer;
  }
  return panelDensity(resolvent, band, MASS_TOLERANCE / 10);
}

function join(bands: readonly Band[], parts: readonly BandDensity[]): Omit<BulkDensity, "error"> {
  return { bands, points: parts.flatMap(({ points }) => points), weights: parts.flatMap(({ weights }) => weights) };
}

function momentError(
  { model, resolvent, sampleRatio, widthRatio }: SpectralSystem,
  { points, weights }: Omit<BulkDensity, "error">,
): number {
  const table = resolvent.table();
  const closed = bulkMoments(table.functions, model.stepModel?.(), sampleRatio, widthRatio);
  const moment = (n: number) =>
    points.reduce((sum, { z, stieltjes }, i) => sum + (weights[i]! * z[0] ** n * stieltjes[1]) / Math.PI, 0);
  return Math.max(Math.abs(moment(1) / closed.first - 1), Math.abs(moment(2) / closed.second - 1));
}

/** What the far samples of a step that are left out would add to the first two moments, relative to them. */
function leftOut({ model, resolvent, sampleRatio, widthRatio }: SpectralSystem): number {
  const step = model.stepModel?.();
  if (!step?.whole) return 0;
  const moments = (of: typeof step) => bulkMoments(resolvent.table().functions, of, sampleRatio, widthRatio);
  const [own, whole] = [moments(step), moments(step.whole)];
  return Math.max(Math.abs(own.first / whole.first - 1), Math.abs(own.second / whole.second - 1));
}
