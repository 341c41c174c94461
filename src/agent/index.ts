export { AGENT_LIMITS } from "./limits.ts";
export { type LineState, readLineState, statusAnswer } from "./line-state.ts";
export { type Opening, readOpening, STATUS_TARGET, STOP_TARGET } from "./opening.ts";
export { type PingAnswer, pingRequest, readPingAnswer } from "./ping.ts";
export { refusalAnswer } from "./refusal.ts";
