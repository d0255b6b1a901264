import type { Activation } from "../activation/activation.ts";
import { type ConditionalMoments, conditionalMoments } from "../activation/conditionalMoments.ts";
import { type FeatureMoments, interpolatedFeatures } from "../activation/featureMoments.ts";
import { MomentSurface } from "../activation/momentSurface.ts";

/** Moments of labels at the places of a line, as far as they are known. */
type LabelLine = (ConditionalMoments | undefined)[];

/** Moments of the labels of one law. */
export interface LabelMoments {
  /** At a shift; undefined where they have to be averaged. */
  readonly known: (shift: number) => ConditionalMoments | undefined;
  /** On lines of κ that were asked for, by name. */
  readonly lines: Map<string, LabelLine>;
}

/** Functions of one stream whose surfaces are kept. */
const MOST = 8;

/**
 * Moments of the student and the target of a stream of models, which hang on the models by their shifts and scales alone. Those of frozen
 * features are known to rounding of E σ², not of μ2².
 */
export class StreamMoments {
  private readonly surfaces = new Map<Activation, MomentSurface>();
  /** Those of the last model. */
  private labels: (LabelMoments & { readonly f: Activation; readonly alignment: number }) | undefined;

  /** Of features at one scale; undefined at shifts where they have to be averaged. */
  student(f: Activation, scale: number): (shift: number) => FeatureMoments | undefined {
    return isDirect(f, scale) ? none : interpolatedFeatures(this.surfaceOf(f, "student"), scale);
  }

  /** Of labels; models of a stream may have them in common. */
  target(f: Activation, alignment: number, orthogonal: number): LabelMoments {
    const { labels } = this;
    if (labels?.f === f && labels.alignment === alignment) return labels;
    const known = isDirect(f, orthogonal) ? none : this.surfaceOf(f, "target").along(orthogonal);
    this.labels = { f, alignment, known, lines: new Map<string, LabelLine>() };
    return this.labels;
  }

  private surfaceOf(f: Activation, name: string): MomentSurface {
    let surface = this.surfaces.get(f);
    if (!surface) {
      if (this.surfaces.size >= MOST) this.surfaces.clear();
      surface = new MomentSurface((shift, scale) => conditionalMoments(f, shift, scale, name));
      this.surfaces.set(f, surface);
    }
    return surface;
  }
}

const none = () => undefined;

/** Sinusoids have closed forms, and at no scale there is nothing to average. */
const isDirect = ({ smoothness }: Activation, scale: number): boolean =>
  scale === 0 || smoothness?.sinusoid !== undefined;
