export type * from "../parameters/description.ts";
export type { LossInput } from "../parameters/loss.ts";
