import type { JsonError } from "../../json/errors.ts";
import { type CaseCalculation, oneByOne } from "../../json/results.ts";
import { decodeArrays } from "./arrays.ts";
import { ResultError } from "./messages.ts";
import type { Method } from "./task.ts";

/**
 * A calculation of the JSON interface as a method: a case gives its result, an illegal one the error of the request; a list of
 * cases gives a list in which illegal ones have their errors in their places.
 */
export function caseMethod(calculate: CaseCalculation): Method {
  const resultOf = oneByOne(calculate);
  return (params, { report }) => {
    const data = decodeArrays("", params);
    if (!Array.isArray(data)) {
      const result = resultOf({ data });
      if (result.status === "error") throw new ResultError((result as { readonly error: JsonError }).error);
      return result;
    }
    return data.map((item: unknown, i) => {
      report({ completed: i, total: data.length });
      return resultOf({ data: item });
    });
  };
}
