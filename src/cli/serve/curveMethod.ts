import { type ComparedRow, rowOf } from "../../compare/rows.ts";
import { flatRow } from "../../curve/csv.ts";
import { curveRows } from "../../tuning/curve.ts";
import { askedOfCurve, readCurveTask, stepNoticesOf } from "../curveOptions.ts";
import { simulateRows } from "../simulatedRows.ts";
import { columnsOf, decodeArrays } from "./arrays.ts";
import type { Method, Task } from "./task.ts";
import { clientFields } from "./params.ts";
import { taskIo } from "./taskIo.ts";

/**
 * A learning curve: the fields of a configuration of `curve`, in which parameters with a list are swept; with `simulate`,
 * finite networks beside the theory. The rows come as columns, numbers in binary.
 */
export const curveMethod: Method = async (params, task) => {
  const curve = await readCurveTask(clientFields(decodeArrays("", params)));
  const notices = [...stepNoticesOf(curve)];
  const theory = theoryRows(curve, task);
  const io = taskIo(task, (line) => notices.push(line));
  const rows = curve.run.simulate === undefined ? theory : await simulateRows(theory, curve, io);
  task.signal.throwIfAborted();
  return { columns: columnsOf(rows.map(flatRow)), x: curve.x, series: curve.series, notices };
};

function theoryRows(curve: Awaited<ReturnType<typeof readCurveTask>>, task: Task): ComparedRow[] {
  const lengths = Object.values(curve.sweep).map((values) => [...values].length);
  const total = lengths.reduce((product, length) => product * length, curve.theories.length);
  const rows: ComparedRow[] = [];
  for (const theory of curve.theories) {
    for (const row of curveRows(theory.description, askedOfCurve(curve))) {
      rows.push(rowOf(theory, row));
      task.report({ completed: rows.length, total });
    }
  }
  return rows;
}
