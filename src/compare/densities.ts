import { linePlot } from "../plot/lines.ts";
import { densityRange } from "../plot/densityRange.ts";
import { requireFields, requireList } from "../errors.ts";
import type { KeyEntry } from "../plot/key.ts";
import type { FigureLook } from "../plot/look.ts";
import type { VegaLiteSpecification } from "../plot/specification.ts";
import { histogram, type TheoryDensity, type Trials } from "./histogram.ts";
import { estimateOf, OBSERVED_TRIALS } from "./observe.ts";

/** The density of one model, and what was simulated of it. */
export interface ModelDensity extends TheoryDensity {
  /** For a legend. */
  readonly name: string;
  /** Which theory it is, where there are several. */
  readonly theory?: string;
  /** The parameters in which models differ, as columns of the table. */
  readonly at: object;
  readonly outliers: readonly number[];
  /** Values of every simulated network, descending, and how many the density counts. */
  readonly simulated?: { readonly trials: Trials; readonly size: number };
}

/** A table and a figure of densities over their histograms. */
export interface DensityPicture {
  readonly rows: readonly object[];
  readonly figure: () => VegaLiteSpecification;
  /** The simulated outliers, as text. */
  readonly notes: readonly string[];
}

const DENSITY_WORDS = "a list of models: each with at, grid, density, edges and outliers";

/** The look of a picture of densities, and the networks that were simulated. */
export interface DensityLook extends FigureLook, SimulatedNetworks {
  readonly xTitle: string;
  readonly legend: string;
}

/** How many networks of which size were simulated. */
export interface SimulatedNetworks {
  readonly trials?: number;
  readonly dimension?: number;
}

/**
 * Table and figure of the densities of several models, each over the histogram of its simulated networks where it has some; outliers
 * of theory are triangles, simulated ones crosses.
 *
 * @throws ParameterError for a look that is none
 * @example
 * import { densityPicture } from "replica-theory/compare";
 * import { featureSpectrum } from "replica-theory";
 * const models = [0, 2].map((spikeStrength) => {
 *   const model = { model: "spikedRandomFeatures", student: "tanh", spikeStrength, sampleRatio: 1.5, widthRatio: 1 };
 *   return { name: String(spikeStrength), at: { spikeStrength }, ...featureSpectrum(model, { points: 60 }) };
 * });
 * const picture = densityPicture(models, { xTitle: "eigenvalue", legend: "r" });
 * picture.rows.length; // 120
 */
export function densityPicture(models: readonly ModelDensity[], look: DensityLook): DensityPicture {
  requireList("models", models, DENSITY_WORDS);
  for (const model of models)
    requireFields("models", model, ["at", "grid", "density", "edges", "outliers"], DENSITY_WORDS);
  requireFields("look", look, ["xTitle", "legend"], "an object with xTitle and legend");
  const drawn = models.map((model) => {
    const { simulated } = model;
    return { model, bins: simulated ? histogram(simulated.trials, simulated.size, model, look.logX === true) : [] };
  });
  const any = drawn.some(({ bins }) => bins.length > 0);
  const rows = drawn.flatMap(({ model: { theory, at, grid, density }, bins }) => {
    const key = { ...(theory && { theory }), ...at };
    const blank = any ? { simulated: undefined, standardError: undefined } : {};
    return [
      ...grid.map((x, i) => ({ ...key, x, density: density[i], ...blank })),
      ...bins.map(({ left, right, ...bin }) => ({ ...key, x: 0.5 * (left + right), ...bin })),
    ];
  });
  const outliers = models.flatMap(simulatedOutliers);
  // Two theories of the same networks have one histogram, in neither colour.
  const sharing = ({ simulated }: ModelDensity) =>
    models.filter((other) => other.simulated?.trials === simulated?.trials);
  const yRange =
    look.logY === true
      ? undefined
      : densityRange(
          models,
          drawn.flatMap(({ bins }) => bins.map(({ simulated }) => simulated)),
        );
  const figure = () =>
    linePlot(
      models.map(({ name, grid, density }) => ({ name, x: grid, y: density })),
      {
        ...(yRange && { yRange }),
        ...look,
        yTitle: "density",
        key: any ? simulationKey("bar", look) : [],
        bars: drawn.flatMap(({ model, bins }) => {
          const models = sharing(model);
          if (models[0] !== model) return [];
          const color = models.length === 1 && drawn.length > 1 ? { name: model.name } : {};
          return bins.map(({ left, right, simulated }) => ({ ...color, left, right, height: simulated }));
        }),
        crosses: outliers.map(({ name, mean }) => ({ name, x: mean, y: 0, standardError: 0 })),
        marks: models.flatMap(({ name, outliers }) => outliers.map((x) => ({ name, x }))),
      },
    );
  const notes = outliers.map(({ name, theory, mean, standardError }) => {
    const digits = (value: number) => Number(value.toPrecision(6));
    return `${name === "" ? "" : `${name}: `}outlier ${digits(theory)}, simulated ${digits(mean)} ± ${standardError.toPrecision(2)}`;
  });
  return { rows, figure, notes };
}

/** The largest simulated values beside theory's outliers above the bulk. */
function simulatedOutliers({ name, outliers, edges, simulated }: ModelDensity) {
  if (!simulated) return [];
  const above = outliers.filter((x) => x > edges.at(-1)![1]).reverse();
  return above.map((theory, i) => ({ name, theory, ...estimateOf(simulated.trials, (values) => values[i]!) }));
}

/** What lines and simulated values are, for the key of a figure. */
export function simulationKey(
  symbol: "cross" | "bar",
  { trials = OBSERVED_TRIALS, dimension }: SimulatedNetworks,
): KeyEntry[] {
  const simulations = `${trials} simulations at d = ${dimension}`;
  const text = symbol === "cross" ? `${simulations}: mean; bars: standard error` : simulations;
  return [
    { symbol: "line", text: "theory" },
    { symbol, text },
  ];
}
