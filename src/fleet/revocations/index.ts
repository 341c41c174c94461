export { revocationsIn } from "./revocations-in.ts";
