export type * from "../parameters/description.ts";
export type { LossInput, SmoothLoss } from "../parameters/loss.ts";
