export { type Activity, ActivitySum, type Refusal, withoutPort } from "./activity.ts";
export type { Counted, Touched } from "./tally.ts";
