export { type JoinedLine, type JoinOptions, join } from "./join.ts";
export type { JoinPort, JoinPorts, WaitingRequest } from "./ports.ts";
export { isPinned, provenCa } from "./proven-ca.ts";
