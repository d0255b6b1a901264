// Kernels of the simulation, on one linear memory: no allocation, every address comes from the caller.
// All arithmetic is IEEE double without fused operations, so results are the same bits on every machine.
export { gemm, heapBase } from "./gemm";
export { cholesky, solveCholesky } from "./cholesky";
export { symmetricEigen } from "./eigen";
export { seedState, nextNormal, jump, longJump, fillNormals } from "./random";
export * from "./elementwise";
