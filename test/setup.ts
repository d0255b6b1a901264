import fc from "fast-check";

// Property tests draw the same cases in every run; another seed in FC_SEED explores others.
fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 1) });
