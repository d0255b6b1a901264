/**
 * The classification errors at a solution. They may change with κ on scales that neither features nor losses know: with the sign of
 * the target where κ says all of it, and with that of an output that hardly fluctuates.
 */
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { normalPdf } from "../numerics/normal.ts";
import { type Transition, transitionBreaks } from "../numerics/transitions.ts";
import type { Rows } from "../problem/rows.ts";
import type { Table } from "../problem/table.ts";
import { localValues, type StateProbe } from "./grid.ts";
import type { ClassErrors, ObservedClasses } from "./stepLabels.ts";
import { gainOfHalving, midpointRule } from "./uniformGrid.ts";

/** Error of the averages. */
const TOLERANCE = 1e-12;
/** How often equidistant nodes are doubled before there are panels for the one solution. */
const MOST_DOUBLINGS = 3;
/** Deviations of the output beyond which its class is certain. */
const CERTAIN = 8.5;
/** Nodes of less weight have no error. */
const IMPOSSIBLE = 1e-17;
/** Deviations of κ within which labels that turn are looked at. */
const REACH = 8;
/** Labels that turn more often are averaged over. */
const MOST_TURNS = 40;
/** Accuracy of a place where the output changes class, and the part of a step by which it is seen how fast. */
const [PLACE, NEAR] = [1e-9, 1e-4];
/** Break points about such a place: how far they are, by which factor nearer to it, how near at last, and by which part of the width it is moved. */
const [FARTHEST_BREAK, LADDER, NARROWEST, PLACED] = [0.5, 4, 1e-12, 0.125];

/** P(yω < 0), and P(yz < 0) in training, over κ. */
export function averageClasses(
  { rows, nodes, weights }: Table,
  probe: StateProbe,
  classes: ClassErrors,
): ObservedClasses {
  const given = new ClassesGiven(rows, probe, classes);
  const [testClassification, trainClassification = NaN] = averageErrors({ nodes, weights }, given, classes.turns);
  return { testClassification: testClassification!, trainClassification };
}

type Turns = ClassErrors["turns"];

function averageErrors(rule: Rule, given: ClassesGiven, turns: Turns): readonly number[] {
  let average = averageOn(rule, given);
  // The halves of equidistant nodes without 0 are images of each other: that they agree says nothing.
  let known = rule.nodes.includes(0);
  for (let doublings = 0; ; doublings++) {
    const between = midpointRule(average.nodes);
    if (!between) break;
    const resolved = known && average.halves ** gainOfHalving(average) < TOLERANCE;
    if (resolved && unseenOn(average, turns) < TOLERANCE) return average.errors;
    if (doublings === MOST_DOUBLINGS) break;
    if (!(unseenOn(average, turns, 2 ** (MOST_DOUBLINGS - doublings)) < TOLERANCE)) break;
    given.rows.prepare([...between.nodes]);
    average = united(average, averageOn(between, given));
    known = true;
  }
  return byPanels(average, given, turns);
}

/** The errors in test and, of labels ±1, in training given κ. */
class ClassesGiven {
  /** How many they are. */
  readonly count: number;
  /** The last ones. */
  readonly errors: ObservedClasses = { testClassification: NaN, trainClassification: NaN };
  /** The output in its deviations from where it changes class: from 0, and in training from what either label pulls to 0. */
  readonly scores: Float64Array;

  constructor(
    readonly rows: Rows,
    private readonly probe: StateProbe,
    private readonly classes: ClassErrors,
  ) {
    this.count = classes.pulls ? 2 : 1;
    this.scores = new Float64Array(classes.pulls ? 3 : 1);
  }

  error(c: number): number {
    return c === 0 ? this.errors.testClassification : this.errors.trainClassification;
  }

  at(kappa: number): void {
    const { scores, classes } = this;
    const { M, L, s2, V } = localValues(this.rows, kappa, this.probe);
    classes.write({ kappa, M, L, s2 }, V, this.errors);
    const S = Math.sqrt(s2 + L * L);
    scores[0] = M / S;
    if (!classes.pulls) return;
    const { up, down } = classes.pulls;
    scores[1] = (M - V * up) / S;
    scores[2] = (M + V * down) / S;
  }
}

type Rule = Pick<Table, "nodes" | "weights">;

/** The errors by a rule. */
interface Average extends Rule {
  readonly errors: readonly number[];
  /** Node by node, each in a column. */
  readonly scores: readonly Float64Array[];
  /** How far the rules of every second node, and those of every fourth, are apart. */
  readonly halves: number;
  readonly quarters: number;
}

function averageOn({ nodes, weights }: Rule, given: ClassesGiven): Average {
  const scores = Array.from(given.scores, () => new Float64Array(nodes.length));
  const none = () => new Array<number>(given.count).fill(0);
  const parts: [number[], number[], number[], number[]] = [none(), none(), none(), none()];
  for (let i = 0; i < nodes.length; i++) {
    given.at(nodes[i]!);
    scores.forEach((column, k) => (column[i] = given.scores[k]!));
    if (!(weights[i]! > IMPOSSIBLE)) continue;
    const part = parts[i & 3]!;
    for (let c = 0; c < given.count; c++) part[c]! += weights[i]! * given.error(c);
  }
  const [first, second, third, fourth] = parts;
  const [even, odd] = [sumOf(first, third), sumOf(second, fourth)];
  return {
    ...{ nodes, weights, scores, errors: sumOf(even, odd) },
    halves: distance(even, odd),
    quarters: 2 * Math.max(distance(first, third), distance(second, fourth)),
  };
}

/** By equidistant nodes and those between them. */
function united(own: Average, between: Average): Average {
  const alternate = (first: Float64Array, second: Float64Array, factor = 1) =>
    Float64Array.from({ length: 2 * first.length }, (_, i) => factor * ((i & 1) === 0 ? first : second)[i >> 1]!);
  return {
    nodes: alternate(own.nodes, between.nodes),
    weights: alternate(own.weights, between.weights, 0.5),
    errors: sumOf(own.errors, between.errors).map((sum) => 0.5 * sum),
    scores: own.scores.map((column, k) => alternate(column, between.scores[k]!)),
    halves: distance(own.errors, between.errors),
    quarters: Math.max(own.halves, between.halves),
  };
}

const sumOf = (a: readonly number[], b: readonly number[]): number[] => a.map((value, c) => value + b[c]!);

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, c) => Math.max(most, Math.abs(value - b[c]!)), 0);

/**
 * What equidistant nodes may leave of changes too rare for their halves to tell. Of one like w Φ(fκ/h) a rule of step h leaves
 * we^{−2π²/f²}, and that of twice the step the fourth root of e^{−2π²/f²}, whose square is more if w > e^{−π²/f²}.
 *
 * @param finer a part of the step, for which it is asked
 */
function unseenOn({ nodes, weights, scores }: Average, turns: Turns, finer = 1): number {
  const step = nodes[1]! - nodes[0]!;
  const unseen = (weight: number, change: number): number => {
    const root = Math.exp(-((Math.PI * finer) ** 2) / change ** 2);
    return weight < root ? weight * root * root : 0;
  };
  let sum = 0;
  for (const { at, width } of turns) sum += unseen(step * normalPdf(at), step / width);
  for (const column of scores) {
    for (let i = 1; i < nodes.length; i++) sum += unseen(weights[i]!, bounded(column[i]!) - bounded(column[i - 1]!));
  }
  return sum;
}

const bounded = (score: number): number => Math.max(-CERTAIN, Math.min(CERTAIN, score));

/** Where outputs change class, and how fast. */
function crossingsOf({ nodes, scores }: Average, given: ClassesGiven): Transition[] {
  const found: Transition[] = [];
  scores.forEach((column, k) => {
    const scoreAt = (kappa: number): number => {
      given.at(kappa);
      return given.scores[k]!;
    };
    for (let i = 1; i < nodes.length; i++) {
      if (column[i - 1]! < 0 === column[i]! < 0) continue;
      const [left, right] = [nodes[i - 1]!, nodes[i]!];
      const at = bracketedRoot(scoreAt, left, right, PLACE);
      const near = NEAR * (right - left);
      found.push({ at, width: (2 * near) / Math.abs(scoreAt(at + near) - scoreAt(at - near)) });
    }
  });
  return found;
}

/**
 * Break points about a crossing at distances in proportion from its width on, which are the same for any width, as the place is but for
 * a part of it: what the model is between them is known from other solutions.
 */
function breaksAbout({ at, width }: Transition): number[] {
  const narrow = Math.max(width, NARROWEST);
  const unit = 2 ** Math.floor(Math.log2(PLACED * narrow));
  const place = unit * Math.round(at / unit);
  const breaks = [place];
  for (let distance = FARTHEST_BREAK; distance > narrow; distance /= LADDER)
    breaks.push(place - distance, place + distance);
  return breaks;
}

function byPanels(average: Average, given: ClassesGiven, turns: Turns): number[] {
  const inReach = turns.filter(({ at }) => Math.abs(at) < REACH);
  const turning = inReach.length <= MOST_TURNS ? inReach : [];
  const { count: dimension, rows } = given;
  const rule = adaptGaussianRule(
    (kappa, out) => {
      given.at(kappa);
      // Beside 1, so that an error that is small is not resolved for its own sake.
      for (let c = 0; c < dimension; c++) out[c] = 1 + given.error(c);
    },
    {
      ...{ dimension, tolerance: TOLERANCE },
      breakpoints: [
        ...crossingsOf(average, given).flatMap(breaksAbout),
        ...turning.map(({ at }) => at),
        ...transitionBreaks(turning),
      ],
      name: "the classification error given κ",
      resolution: rows.problem.resolution,
    },
  );
  const sums = new Array<number>(dimension).fill(0);
  rule.values.forEach((value, k) => (sums[k % dimension]! += rule.weights[Math.floor(k / dimension)]! * (value - 1)));
  return sums;
}
