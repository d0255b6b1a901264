export { solve, trySolve } from "./solver/solve.ts";
