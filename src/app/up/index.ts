export { failuresOf, requireProven } from "./judge-proof.ts";
