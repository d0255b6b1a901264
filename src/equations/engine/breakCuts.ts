import { BODY } from "../../numerics/gaussianRule.ts";
import type { BreakCondition } from "../graph/breaks.ts";
import type { Chart } from "./chart.ts";
import type { PanelGrid } from "./panels.ts";
import type { Reduction } from "./program.ts";
import type { Store } from "./store.ts";

/** Places at which a condition is evaluated to find where its sign changes. */
const SAMPLES = 192;
const BISECTIONS = 60;
/** Values of a condition below this part of its largest are zero: the rounding of a place that stays at a break. */
const ROUNDING = 1e-14;
/** A step or peak narrower than this gets panels of its own width, growing outward. */
const WIDE = 0.5;
/** Cuts closer than this are one. */
const MERGE = 1e-13;

/** A change of sign of condition `condition` for an element around, between two places. */
interface Change {
  readonly condition: BreakCondition;
  readonly parent: number;
  left: number;
  right: number;
  readonly signLeft: number;
  readonly slope: number;
}

/**
 * Where panels are cut, for every element around: at kinks and jumps, and around steep steps and peaks at distances that grow
 * from their width.
 *
 * @param run evaluates the conditions on a grid
 */
export function breakCuts(
  store: Store,
  step: Reduction,
  charts: (parent: number) => Chart,
  run: (grid: PanelGrid) => void,
): readonly (readonly number[])[] {
  const { over, conditions } = step;
  const parents = store.stateOf(over.parent!).length;
  const ranges = Array.from({ length: parents }, (_, parent): [number, number] => {
    const { from, to } = charts(parent);
    return over.kind === "gaussian" ? [-BODY, BODY] : [from, to];
  });
  const cuts = ranges.map(([from, to]) => [from, to]);
  if (conditions.length > 0) {
    const changes = signChanges(store, step, charts, run, ranges);
    bisectAll(store, charts, run, changes);
    for (const change of changes) addCuts(cuts[change.parent]!, change, charts(change.parent));
  }
  return cuts.map((list, parent) => tidy(list, ranges[parent]!));
}

function signChanges(
  store: Store,
  step: Reduction,
  charts: (parent: number) => Chart,
  run: (grid: PanelGrid) => void,
  ranges: readonly (readonly [number, number])[],
): Change[] {
  const grid = emptyGrid(ranges.length * SAMPLES);
  const place = (parent: number, i: number): number => {
    const [from, to] = ranges[parent]!;
    return from + ((to - from) * (i + 0.5)) / SAMPLES;
  };
  for (let parent = 0; parent < ranges.length; parent++) {
    for (let i = 0; i < SAMPLES; i++) {
      grid.parent[parent * SAMPLES + i] = parent;
      grid.variable[parent * SAMPLES + i] = charts(parent).place(place(parent, i));
    }
  }
  run(grid);
  const changes: Change[] = [];
  for (const condition of step.conditions) {
    const values = store.values[condition.node.id]!;
    for (let parent = 0; parent < ranges.length; parent++) {
      const own = values.subarray(parent * SAMPLES, (parent + 1) * SAMPLES);
      const sign = signOf(own);
      for (let i = 0; i + 1 < SAMPLES; i++) {
        const [before, after] = [sign(own[i]!), sign(own[i + 1]!)];
        if (before === after || Number.isNaN(before) || Number.isNaN(after)) continue;
        const [left, right] = [place(parent, i), place(parent, i + 1)];
        const slope = Math.abs((own[i + 1]! - own[i]!) / (right - left));
        changes.push({ condition, parent, left, right, signLeft: before, slope });
      }
    }
  }
  return changes;
}

function emptyGrid(length: number): { parent: Int32Array; variable: Float64Array; weights: Float64Array } {
  return { parent: new Int32Array(length), variable: new Float64Array(length), weights: new Float64Array(length) };
}

/** The sign, zero for what is rounding. */
function signOf(values: Float64Array): (value: number) => number {
  let largest = 0;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return (value) => (Math.abs(value) <= ROUNDING * largest ? 0 : Math.sign(value));
}

/** All changes at once, to the last bit or to where the sign becomes that of rounding. */
function bisectAll(
  store: Store,
  charts: (parent: number) => Chart,
  run: (grid: PanelGrid) => void,
  changes: readonly Change[],
): void {
  if (changes.length === 0) return;
  const grid = emptyGrid(changes.length);
  changes.forEach(({ parent }, k) => (grid.parent[k] = parent));
  const zero = changes.map(({ slope, left, right }) => ROUNDING * slope * (right - left));
  for (let step = 0; step < BISECTIONS; step++) {
    changes.forEach(({ parent, left, right }, k) => (grid.variable[k] = charts(parent).place(0.5 * (left + right))));
    run(grid);
    changes.forEach((change, k) => {
      const value = store.values[change.condition.node.id]![k]!;
      const sign = Math.abs(value) <= zero[k]! ? 0 : Math.sign(value);
      const middle = 0.5 * (change.left + change.right);
      if (sign === change.signLeft) change.left = middle;
      else change.right = middle;
    });
  }
}

function addCuts(cuts: number[], { condition, left, right, slope }: Change, chart: Chart): void {
  const middle = 0.5 * (left + right);
  if (condition.kind === "kink" || condition.kind === "jump") {
    cuts.push(middle);
    return;
  }
  const width = condition.kind === "step" ? 1 / slope : 1 / Math.sqrt(slope);
  if (!(width < WIDE) || !(width > 0)) return;
  cuts.push(middle);
  const longest = Math.min(WIDE, 0.25 * (chart.to - chart.from));
  for (let distance = 2 * width; distance < longest; distance *= 3) cuts.push(middle - distance, middle + distance);
}

/** Ascending, within the range, without repetitions. */
function tidy(cuts: readonly number[], [from, to]: readonly [number, number]): number[] {
  const inside = cuts.filter((cut) => cut > from && cut < to).sort((a, b) => a - b);
  const kept = [from];
  for (const cut of inside) if (cut - kept.at(-1)! > MERGE * (1 + Math.abs(cut))) kept.push(cut);
  while (kept.length > 1 && to - kept.at(-1)! < MERGE * (1 + Math.abs(to))) kept.pop();
  return [...kept, to];
}
