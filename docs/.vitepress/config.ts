import { cp } from "node:fs/promises";
import { join } from "node:path";
import { katex } from "@mdit/plugin-katex";
import { build } from "vite";
import { defineConfig } from "vitepress";
import { MACROS } from "./macros.ts";
import { withFormulas } from "./apiFormulas.ts";
import { apiSidebar } from "./apiSidebar.ts";

const guide = [
  { text: "Getting started", link: "/guide/getting-started" },
  { text: "Learning curves", link: "/guide/learning-curves" },
  { text: "Best parameters and maps", link: "/guide/tuning" },
  { text: "Splitting samples", link: "/guide/split-samples" },
  { text: "The best learning rate", link: "/guide/best-learning-rate" },
  { text: "Beating the kernels", link: "/guide/beat-kernels" },
  { text: "Simulation", link: "/guide/simulation" },
  { text: "Many machines", link: "/clusters" },
  { text: "Your own data", link: "/guide/your-own-data" },
  { text: "From the Gaussian covariate code", link: "/guide/gcm" },
  { text: "Which λ is yours?", link: "/guide/which-ridge" },
  { text: "Accuracy", link: "/guide/accuracy" },
  { text: "Scope", link: "/scope" },
  { text: "Validation", link: "/guide/validation" },
  { text: "Gallery", link: "/gallery" },
  { text: "Figures of the papers", link: "/figures/" },
  { text: "Embedding", link: "/guide/embedding" },
  { text: "Command line", link: "/guide/command-line" },
  { text: "JSON interface", link: "/guide/json" },
  { text: "Serving other programs", link: "/guide/serve" },
  { text: "Quality", link: "/quality" },
  { text: "Dependencies", link: "/dependencies" },
  { text: "From 0.1 to 0.2", link: "/guide/migration" },
];

const notebooks = [
  { text: "Learning curves in ten lines", link: "/notebooks/learning-curves" },
  { text: "Your own data", link: "/notebooks/your-own-data" },
  { text: "Your own equations", link: "/notebooks/your-own-equations" },
  { text: "A live notebook", link: "/notebooks/live.html", target: "_self" },
];

const observables = [
  { text: "Learned function", link: "/observables/learned-function" },
  { text: "Bounds and baselines", link: "/observables/bounds" },
  { text: "Bias, variance, error rates", link: "/observables/statistics" },
  { text: "Weights", link: "/observables/weights" },
  { text: "Spectrum of the features", link: "/observables/spectrum" },
];

const theory = [
  { text: "Setting and notation", link: "/theory/" },
  { text: "From the step to a spike", link: "/theory/gradient-step" },
  { text: "Conditional features", link: "/theory/conditional-features" },
  { text: "Deterministic equivalent", link: "/theory/deterministic-equivalent" },
  { text: "Observables", link: "/theory/observables" },
  { text: "Spectra", link: "/theory/spectra" },
  { text: "The trained network", link: "/theory/trained-network" },
  { text: "Several steps", link: "/theory/several-steps" },
  { text: "Convex losses", link: "/theory/convex-losses" },
  { text: "Limits and numerics", link: "/theory/limits" },
  { text: "Names and symbols", link: "/theory/symbols" },
];

const models = [
  { text: "Overview", link: "/models/" },
  { text: "Random features", link: "/models/random-features" },
  { text: "Spiked random features", link: "/models/spiked-random-features" },
  { text: "Trained network", link: "/models/trained-network" },
  { text: "Several steps and directions", link: "/models/several-steps" },
  { text: "Any covariance", link: "/models/covariates" },
  { text: "Readouts with finite support", link: "/models/finite-support-readout" },
  { text: "Small rate (Ba22)", link: "/models/small-rate" },
  { text: "Power channels (Moniri24)", link: "/models/power-channels" },
  { text: "Convex losses", link: "/models/convex-losses" },
];

const equations = [
  { text: "Equations of one's own", link: "/equations/" },
  { text: "Catalogue", link: "/equations/catalogue" },
];

const sections = [
  { text: "Guide", items: guide },
  { text: "Notebooks", items: notebooks },
  { text: "Models", items: models },
  { text: "Observables", items: observables },
  { text: "Equations", items: equations },
  { text: "Theory", items: theory },
];

/** KaTeX output is no Vue template. A formula that it cannot set ends the build: readers would see its source in red. */
function setFormula(html: string): string {
  const [, error] = /katex-error' title='([^']*)'/.exec(html) ?? [];
  if (error !== undefined) throw new Error(error);
  return html.replaceAll('<span class="katex', '<span v-pre class="katex');
}

export default defineConfig({
  title: "replica-theory",
  description: "Learning curves of two-layer networks after one large gradient step: theory and simulation.",
  // Relative to where the site is served, e.g. "/replica-theory/".
  base: process.env["DOCS_BASE"] ?? "/",
  lang: "en",
  head: [["link", { rel: "icon", href: `${process.env["DOCS_BASE"] ?? "/"}favicon.svg` }]],
  cleanUrls: false,
  // The reference has more pages than all the rest: a build that looks at the rest goes without.
  ...(process.env["DOCS_WITHOUT_API"] && { srcExclude: ["api/*/**"], ignoreDeadLinks: [/^\.\/replica-theory\//] }),
  rewrites: { "figures/README.md": "figures/index.md" },
  // The pages of the figures and notebooks link to their files.
  buildEnd: async ({ srcDir, outDir }) => {
    for (const folder of ["figures", "notebooks"]) {
      const filter = (path: string) => !/\.(md|ts)$/.test(path);
      await cp(join(srcDir, folder), join(outDir, folder), { recursive: true, filter });
    }
    // The module that the live notebook imports from beside it.
    await build({
      configFile: false,
      logLevel: "error",
      build: {
        lib: { entry: join(srcDir, "notebooks/module.ts"), formats: ["es"], fileName: () => "replica-theory.js" },
        outDir: join(outDir, "notebooks"),
        emptyOutDir: false,
        minify: true,
      },
    });
  },
  markdown: {
    config: (md) => {
      // The plugin brings its own version of markdown-it's types.
      katex(md as unknown as Parameters<typeof katex>[0], {
        macros: { ...MACROS },
        strict: false,
        throwOnError: true,
        transformer: setFormula,
      });
      md.core.ruler.before("normalize", "api-formulas", (state) => {
        const { relativePath = "" } = state.env as { relativePath?: string };
        if (relativePath.startsWith("api/")) state.src = withFormulas(state.src);
      });
    },
  },
  vite: { worker: { format: "es" } },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/guide/getting-started", activeMatch: "/guide/" },
      { text: "Models", link: "/models/", activeMatch: "/models/" },
      { text: "Equations", link: "/equations/", activeMatch: "/equations/" },
      { text: "Theory", link: "/theory/", activeMatch: "/theory/" },
      { text: "Gallery", link: "/gallery", activeMatch: "/gallery|/figures/" },
      { text: "Explorer", link: "/explorer" },
      { text: "API", link: "/api/", activeMatch: "/api/" },
    ],
    sidebar: {
      "/guide/": sections,
      "/clusters": sections,
      "/gallery": sections,
      "/quality": sections,
      "/scope": sections,
      "/dependencies": sections,
      "/notebooks/": sections,
      "/models/": sections,
      "/observables/": sections,
      "/equations/": sections,
      "/figures/": sections,
      "/theory/": sections,
      "/api/": apiSidebar(),
    },
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: { _render: (source, env, md) => md.render(source.replaceAll(/\$\$[^$]*\$\$/g, ""), env) },
    },
  },
});
