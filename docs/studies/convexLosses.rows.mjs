/** Means of a simulated point and theory beside them, as the rows of Markdown tables. */
export function studyRows(results, solve) {
  return results.flatMap(({ description, dimension, points }) =>
    points.map((point) => {
      const theory = solve(theoryOf(description, dimension, point.ridge));
      const main = theory.kind === "margin" ? "testClassificationError" : "testError";
      const labels = { main: [[theory[main], point[main]]] };
      for (const name of ["testLoss", "trainLoss", "objective"]) labels[name] = [[theory[name], point[name]]];
      labels.Q2 = theory.overlaps.Q2.map((value, k) => [value, point.Q2[k]]);
      return { description, dimension, ridge: point.ridge, values: labels };
    }),
  );
}

/** Where groups share the mean, mean channels are nearly collinear and their norm at finite d counts. */
export function theoryOf(description, dimension, ridge) {
  return { ...description, ridge, ...(description.readoutValues && { finiteDimension: dimension }) };
}

/** The same as Markdown cells: the case, then theory, simulation and z of every quantity asked for. */
export function cells({ description, ridge, values }, names) {
  return [...caseCells(description), ridge, ...names.flatMap((name) => quantityCells(values[name]))].map(String);
}

const show = (value) => value.toPrecision(4);

function caseCells({ model, student, target, loss, labelNoise, labelFlips, rows, readoutValues }) {
  const kind =
    { trainedNetwork: "trained ", smallRate: "small rate, ", randomFeatures: "random features, " }[model] ?? "";
  const more = [
    rows === "gaussian" && "Gaussian rows",
    readoutValues && `u = ${readoutValues.join(", ")}`,
    labelFlips && `ε = ${labelFlips}`,
    labelNoise && `Δ = ${labelNoise}`,
  ].filter(Boolean);
  return [
    [`${kind}${student} / ${target}`, ...more].join(", "),
    typeof loss === "object" ? `Huber ${loss.huber}` : loss,
  ];
}

function quantityCells(pairs) {
  return [
    pairs.map(([theory]) => show(theory)).join(", "),
    pairs.map(([, [mean, error]]) => `${show(mean)} ± ${error.toPrecision(2)}`).join(", "),
    pairs.map(([theory, [mean, error]]) => ((mean - theory) / error).toFixed(1)).join(", "),
  ];
}
