import type { ValueOf } from "./kinds.ts";
import type { LossInput } from "./loss.ts";
import type { ModelName } from "./models.ts";
import type { ParameterName, ParameterTable, PointParameter } from "./table.ts";

/** The entry of a parameter, as a model varies it. */
type Entry<P extends ParameterName, M extends ModelName> = ParameterTable[P]["models"] extends {
  readonly [Model in M]: infer Variation;
}
  ? Omit<ParameterTable[P], keyof Variation> & Variation
  : never;
type Value<P extends ParameterName, M extends ModelName> =
  Entry<P, M> extends { readonly kind: infer K } ? ValueOf<K> : never;
type Optional<P extends ParameterName, M extends ModelName> =
  Entry<P, M> extends { readonly default: unknown } | { readonly optional: string } ? true : false;
type ParameterOf<M extends ModelName> = {
  [P in ParameterName]: ParameterTable[P]["models"] extends { readonly [Model in M]: unknown } ? P : never;
}[ParameterName];

/** The fields of a model under the names of the table, without some. */
type Fields<M extends ModelName, Without extends ParameterName = never> = {
  readonly [
    P in keyof ParameterTable as P extends Exclude<ParameterOf<M>, Without>
      ? Optional<P, M> extends true
        ? never
        : P
      : never
  ]: Value<P, M>;
} & {
  readonly [
    P in keyof ParameterTable as P extends Exclude<ParameterOf<M>, Without>
      ? Optional<P, M> extends true
        ? P
        : never
      : never
  ]?: Value<P, M>;
};

/** A model whose readout is trained by ridge regression; another loss makes a {@link LossDescription}. */
interface RidgeRegression {
  readonly loss?: "square";
}
type RidgeFields<M extends ModelName> = Fields<M, "loss"> & RidgeRegression & { readonly model: M };

/** Vanilla random features (theory §6): no spike. */
export interface RandomFeatures extends RidgeFields<"randomFeatures"> {}

/** Spiked random features F = r u vᵀ + W (theory §2–§3). */
export interface SpikedRandomFeatures extends RidgeFields<"spikedRandomFeatures"> {}

/** A network after one gradient step of rate η = η̃p on n₀ = α₀d samples (theory §2, §9). */
export interface TrainedNetwork extends RidgeFields<"trainedNetwork"> {}

/** Ba22: rate η = Θ(1), a spike s₁ûvᵀ with |û| = 1 that acts linearly (theory §6). */
export interface SmallRate extends RidgeFields<"smallRate"> {}

/** Moniri24: rate η ≍ n^a, spikes along κ^k for the listed powers k (theory §6). */
export interface PowerChannels extends RidgeFields<"powerChannels"> {}

/** Any model of the library, as plain tagged data; the field names are those of the JSON interface. */
export type ModelDescription = RandomFeatures | SpikedRandomFeatures | TrainedNetwork | SmallRate | PowerChannels;

/** The readout's loss and what only its labels have. */
export type LossParameters = Pick<
  Fields<ModelDescription["model"]>,
  "loss" | "labels" | "labelFlips" | "teacher" | "teacherShift" | "logisticScale"
>;

/** Omit that keeps the members of a union apart. */
export type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Any model with another loss than the square; losses of margins need a target that gives sign labels. */
export type LossDescription = DistributiveOmit<ModelDescription, "loss"> &
  LossParameters & { readonly loss: Exclude<LossInput, "square"> };

/** A model with any loss. */
export type AnyDescription = ModelDescription | LossDescription;

/** A description without the point (α, β, λ) and the loss: all that the conditional statistics depend on. */
export type ModelParameters = DistributiveOmit<ModelDescription, PointParameter | "loss">;

/** A model with its defaults filled in: every parameter is there but those that nothing stands for. */
export type Complete<M extends ModelName> = { readonly model: M } & {
  readonly [
    P in keyof ParameterTable as P extends ParameterOf<M>
      ? Entry<P, M> extends { readonly optional: string }
        ? never
        : P
      : never
  ]: Value<P, M>;
} & {
  readonly [
    P in keyof ParameterTable as P extends ParameterOf<M>
      ? Entry<P, M> extends { readonly optional: string }
        ? P
        : never
      : never
  ]?: Value<P, M>;
};
