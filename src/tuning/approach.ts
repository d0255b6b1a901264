import type { Estimate } from "../numerics/stencil.ts";
import type { Search } from "./axes.ts";
import { addDistance, estimateOf, type FoundMinimum } from "./minimum.ts";
import { type Evaluate, type Place, valuesAt, withItem } from "./place.ts";
import { refined, roundingAt } from "./refinement.ts";
import { isTaken, type Scale } from "./scales.ts";

/** A minimum, the search whose places it speaks of, and by how much the observable may fall yet on the way to the ends of each axis. */
export interface ApproachedMinimum extends FoundMinimum {
  readonly search: Search;
  readonly left: readonly number[];
}

/** The observable at the places of a search. */
export type EvaluateOn = (search: Search) => Evaluate;

type LastPlace = "lowest" | "highest";

/** A place on the way to an end; with its minimum where the other coordinates are the best ones there. */
interface Look {
  readonly search: Search;
  readonly place: Place;
  readonly value: Estimate;
  readonly found?: FoundMinimum;
}

/** How much the observable fell from one look to the next, and beside the fall before that. */
interface Fall {
  readonly fall: number;
  readonly ratio: number;
}

/** A decade, from one look to the next, and how many of them there are at most. */
const [DECADE, MOST_DECADES] = [Math.LN10, 12];

/**
 * At an end that is not legal (α → 0, λ → ∞), or that is beside a jump (η̃ → 0⁺), the least value is approached, not taken. The
 * minimum is followed there till it falls by no more than its error, or has no value. What it may fall yet is told by the falls so far: they
 * decrease by a factor from one look to the next where the observable is a power of the distance away from its limit.
 */
export function approached(found: FoundMinimum, search: Search, evaluateOn: EvaluateOn): ApproachedMinimum {
  let here: ApproachedMinimum = { ...found, search, left: search.axes.map(() => 0) };
  const open = openEnds(here);
  // Each of several ends once more, beside the others where they are then.
  for (const [axis, end] of open.length > 1 ? [...open, ...open] : open) {
    if (typeof here.place[axis] === "string") here = towards(here, axis, end, evaluateOn);
  }
  return here;
}

/** The minimum with the distance of its place and its value to those at its open ends among their errors. */
export function withDistance(approached: ApproachedMinimum): FoundMinimum {
  const { search, left, ...found } = approached;
  const { at, place, value, errorEstimate } = found;
  const placeError: Record<string, number> = { ...found.placeError };
  for (const [axis, end] of openEnds(approached)) {
    const { valueAt, edges } = search.axes[axis]!.scale;
    const values = valuesAt(search, place);
    values[axis] = valueAt(edges[end === "lowest" ? 0 : 1]);
    addDistance(placeError, at, search.parametersAt(values));
  }
  const rest = left.reduce((sum, fall) => sum + fall, 0);
  return { ...found, placeError, errorEstimate: value === 0 ? errorEstimate : errorEstimate + rest / Math.abs(value) };
}

/** The axes on which a minimum is at an end that is none of the legal values, or not like them. */
function openEnds({ search, place }: ApproachedMinimum): (readonly [axis: number, end: LastPlace])[] {
  return place.flatMap((item, axis): (readonly [number, LastPlace])[] => {
    const { scale } = search.axes[axis]!;
    if (item === "lowest" || (item === "lower" && !isTaken(scale, "lower"))) {
      return scale.edges[0] < scale.lowest ? [[axis, "lowest"]] : [];
    }
    if (item === "highest" || (item === "upper" && !isTaken(scale, "upper"))) {
      return scale.edges[1] > scale.highest ? [[axis, "highest"]] : [];
    }
    return [];
  });
}

function towards(start: ApproachedMinimum, axis: number, end: LastPlace, evaluateOn: EvaluateOn): ApproachedMinimum {
  const own = evaluateOn(start.search);
  const rounding = roundingAt(start.search, own, start.place, axis);
  const ended = (look: Look, left: number): ApproachedMinimum => {
    const { search, found } = withOthers(look, evaluateOn);
    // Where the others have no best values, the start is all there is.
    const rest = found ? left : left + start.value - look.value.value;
    return { ...(found ?? start), search: found ? search : start.search, left: start.left.with(axis, rest) };
  };
  let here: Look = { search: start.search, place: start.place, value: estimateOf(start), found: start };
  let last = fallInside(start, axis, end, own);
  for (let look = 0; look < MOST_DECADES; look++) {
    const search = withEnd(here.search, axis, end);
    const place = withItem(here.place, axis, end);
    const value = evaluateOn(search)(place);
    if (!value) break;
    const blur = here.value.error + value.error + rounding;
    let next: Look = { search, place, value };
    if (!(here.value.value - value.value > blur)) next = withOthers(next, evaluateOn);
    const fall = here.value.value - next.value.value;
    if (fall < -blur) return between(here, next, axis, end, evaluateOn, ended);
    // Falls that at least halve from here on are no more than twice the first.
    if (fall <= blur) return ended(here, 2 * Math.abs(fall));
    last = { fall, ratio: fall / last.fall };
    here = next;
  }
  return ended(here, last.fall <= here.value.error + rounding ? 2 * Math.abs(last.fall) : remaining(last));
}

/** The place with the best values of the coordinates that are not at ends. */
function withOthers(look: Look, evaluateOn: EvaluateOn): Look {
  if (look.found) return look;
  const found = refined(look.search, evaluateOn(look.search), look.place);
  return found ? { search: look.search, place: found.place, value: estimateOf(found), found } : look;
}

/** A minimum between two looks, if there is one: the second is higher. */
function between(
  here: Look,
  next: Look,
  axis: number,
  end: LastPlace,
  evaluateOn: EvaluateOn,
  ended: (look: Look, left: number) => ApproachedMinimum,
): ApproachedMinimum {
  const { search } = next;
  const place = withItem(here.place, axis, here.search.axes[axis]!.scale[end]);
  const found = refined(search, evaluateOn(search), place);
  if (!found || found.value > here.value.value) return ended(here, next.value.value - here.value.value);
  return ended({ search, place: found.place, value: estimateOf(found), found }, 0);
}

/** The fall of the last decade before an end, by the one before that. */
function fallInside({ search, place, value }: ApproachedMinimum, axis: number, end: LastPlace, at: Evaluate): Fall {
  const { scale } = search.axes[axis]!;
  const inward = end === "lowest" ? DECADE : -DECADE;
  const [near, far] = [1, 2].map((decades) => at(withItem(place, axis, scale[end] + decades * inward))?.value ?? NaN);
  return { fall: near! - value, ratio: (near! - value) / (far! - near!) };
}

/** What is left of falls that go on decreasing by a factor: no bound of it where they do not. */
function remaining({ fall, ratio }: Fall): number {
  return ratio > 0 && ratio < 1 ? (fall * ratio) / (1 - ratio) : Infinity;
}

/** The search with an end of an axis a decade nearer to that of the legal values. */
function withEnd(search: Search, axis: number, end: LastPlace): Search {
  const axes = search.axes.map((other, i) => (i === axis ? { ...other, scale: nearer(other.scale, end) } : other));
  return { ...search, axes };
}

function nearer(scale: Scale, end: LastPlace): Scale {
  const [u, edge] = [scale[end], scale.edges[end === "lowest" ? 0 : 1]];
  return { ...scale, [end]: Number.isFinite(edge) ? edge + (u - edge) / 10 : u + Math.sign(edge) * DECADE };
}
