import { learningCurveFromData, type NodeDataCurveOptions } from "../../data/index.ts";
import { refuseUnknown } from "../../parameters/legal.ts";
import { decodeArrays } from "./arrays.ts";
import type { Method } from "./task.ts";
import { objectOf } from "./params.ts";

const TABLES = ["features", "gram", "labels"];
const FIELDS = [...TABLES, "samples", "ridges", "intercept", "anchor", "backend"];

/** The learning curve that one data set predicts; its arrays in binary, or as lists. */
export const dataMethod: Method = (params, { report }) => {
  const fields = objectOf(decodeArrays("", params, TABLES));
  refuseUnknown(fields, FIELDS, "no parameter of learningCurveFromData");
  return learningCurveFromData({
    ...(fields as unknown as NodeDataCurveOptions),
    onProgress: (completed, total) => report({ completed, total }),
  });
};
