import { ParameterError } from "../errors.ts";
import { fieldsFromJson } from "../parameters/json.ts";
import { FLAG } from "../parameters/kinds.ts";
import { checkValue } from "../parameters/legal.ts";
import { checkMembers, MEMBERS } from "../statistics/ensembles.ts";
import type { Fields } from "./results.ts";

/** What a case says beside its model: whether it asks for statistics, and the members of ensembles in them. */
const STATISTICS = { statistics: { kind: FLAG }, ensemble: { kind: MEMBERS } };

/**
 * The fields of the model apart from those that ask for statistics.
 *
 * @returns the members of ensembles, undefined where no statistics are asked for
 * @throws ParameterError
 */
export function statisticsAsked(fields: Fields): {
  readonly statistics: readonly number[] | undefined;
  readonly described: Fields;
} {
  const { statistics, ensemble, ...described } = fieldsFromJson(fields, STATISTICS);
  const members = ensemble === undefined ? [] : checkMembers(ensemble);
  const asked = checkValue("statistics", statistics ?? ensemble !== undefined, FLAG) as boolean;
  if (!asked && ensemble !== undefined) throw new ParameterError("ensemble", ensemble, "left out without statistics");
  return { statistics: asked ? members : undefined, described };
}
