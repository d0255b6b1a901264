import { linePlot } from "../plot/lines.ts";
import { densityRange } from "../plot/densityRange.ts";
import { histogram, type TheoryDensity } from "./histogram.ts";
import type { ObservableLook } from "./observableOptions.ts";
import { estimateAt, type SimulatedFields, simulationKey, type Trials } from "./observedModels.ts";
import type { NamedModel } from "./sweptModel.ts";
import type { VegaLiteSpecification } from "../plot/specification.ts";

/** The density of one model, and what was simulated of it. */
export interface ModelDensity extends Omit<NamedModel, "description">, TheoryDensity {
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

export function densityPicture(
  models: readonly ModelDensity[],
  look: ObservableLook & SimulatedFields & { readonly xTitle: string; readonly legend: string },
): DensityPicture {
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
  return above.map((theory, i) => ({ name, theory, ...estimateAt(simulated.trials, (values) => values[i]!) }));
}
