export { type JoinedLine, join } from "./join.ts";
export type { JoinPort, JoinPorts } from "./ports.ts";
export { provenCa } from "./proven-ca.ts";
