import { onMounted, onUnmounted, reactive, shallowReactive, watch } from "vue";
import { ResponsiveWorker } from "./responsiveWorker.ts";
import { type ExplorerState, type FieldErrors, readState, type Request } from "./state.ts";
import type { Spectra, Spectrum } from "./spectrum.ts";
import { type ExplorerRow, type LearnedFunctions, spectrumKey, type TheoryMessage, type TheoryName } from "./theory.ts";
import type { Part, TheoryAnswer, TheoryRequest } from "./theoryWorker.ts";
import { useComputing } from "./useComputing.ts";

const PARTS = ["curves", "spectra", "networkSpectrum"] as const;

/** The picture: the last good one while the input is wrong. */
export interface Picture {
  /** What the curves belong to. */
  request: Request | undefined;
  rows: Record<TheoryName, readonly ExplorerRow[]>;
  functions: LearnedFunctions | undefined;
  spectra: Spectra | undefined;
  /** Of the same model, when it is there. */
  networkSpectrum: Spectrum | undefined;
  /** Why there are no spectra, and why none of the trained network. */
  noSpectra: string;
  noNetworkSpectrum: string;
  complete: boolean;
  /** Milliseconds from the last change of the input to its first picture. */
  latency: number;
}

/** Keeps a picture up to date with the state, in a worker. */
export function useTheory(state: ExplorerState) {
  const picture = shallowReactive<Picture>({
    request: undefined,
    rows: { network: [], srf: [] },
    functions: undefined,
    spectra: undefined,
    networkSpectrum: undefined,
    noSpectra: "",
    noNetworkSpectrum: "",
    complete: false,
    latency: NaN,
  });
  const computing = useComputing();
  const problems = reactive<{ errors: FieldErrors; general: string }>({ errors: {}, general: "" });
  let workers: Record<Part, ResponsiveWorker<TheoryRequest, TheoryAnswer>> | undefined;
  let networkSpectrumKey = "";
  const unfinished = new Set<string>();
  let asked: { id: number; request: Request; at: number } = { id: 0, request: undefined as never, at: 0 };

  function ask(): void {
    const read = readState(state);
    if ("errors" in read) {
      // Whatever is under way belongs to an input that is gone.
      asked = { ...asked, id: asked.id + 1 };
      computing.end();
      setProblems(read.errors);
      return;
    }
    asked = { id: asked.id + 1, request: read.request, at: performance.now() };
    picture.complete = false;
    computing.start();
    for (const part of PARTS) {
      unfinished.add(part);
      workers?.[part].ask({ id: asked.id, request: read.request, part });
    }
  }

  function start(part: Part): ResponsiveWorker<TheoryRequest, TheoryAnswer> {
    const create = () => new Worker(new URL("./theoryWorker.ts", import.meta.url), { type: "module" });
    // Spectra take a second; whoever moves a slider waits for them, not for the curves.
    return new ResponsiveWorker(create, (answer) => receive(part, answer), part === "curves" ? 250 : 1000);
  }

  function setProblems(errors: FieldErrors, general = ""): void {
    problems.errors = errors;
    problems.general = general;
  }

  function receive(part: string, { id, messages, complete }: TheoryAnswer): void {
    if (id !== asked.id) return;
    for (const message of messages) show(message);
    if (complete) unfinished.delete(part);
    picture.complete = unfinished.size === 0;
    if (picture.complete) computing.end();
  }

  function show(message: TheoryMessage): void {
    switch (message.kind) {
      case "errors":
        setProblems(message.errors, message.general);
        break;
      case "functions":
        picture.functions = message.functions;
        break;
      case "spectra":
        picture.spectra = message.spectra;
        picture.noSpectra = "";
        if (networkSpectrumKey !== spectrumKey(asked.request.model)) {
          picture.networkSpectrum = undefined;
          picture.noNetworkSpectrum = "";
        }
        break;
      case "networkSpectrum":
        picture.networkSpectrum = message.spectrum;
        picture.noNetworkSpectrum = "";
        networkSpectrumKey = spectrumKey(asked.request.model);
        break;
      case "noNetworkSpectrum":
        picture.networkSpectrum = undefined;
        picture.noNetworkSpectrum = message.reason;
        break;
      case "noSpectra":
        picture.noSpectra = message.reason;
        break;
      case "curve":
        showCurve(message.theory, message.rows);
    }
  }

  function showCurve(theory: TheoryName, rows: readonly ExplorerRow[]): void {
    setProblems({});
    const isFirst = picture.request !== asked.request;
    // Curves over another axis cannot stay beside these.
    const others = picture.request?.axis === asked.request.axis ? picture.rows : { network: [], srf: [] };
    picture.rows = { ...others, [theory]: rows };
    picture.request = asked.request;
    if (isFirst) requestAnimationFrame(() => (picture.latency = performance.now() - asked.at));
  }

  onMounted(() => {
    workers = { curves: start("curves"), spectra: start("spectra"), networkSpectrum: start("networkSpectrum") };
    watch(state, ask, { immediate: true });
  });
  onUnmounted(() => PARTS.forEach((part) => workers?.[part].close()));
  return { picture, problems, computing: computing.shown };
}
