/** Builds by BuildKit for roles that are not admin (ADR 0023). Loaded with the first build: it brings a protobuf library. */
export { type CallKind, type GrpcCall, isOptional, judgeGrpc, kindOf, type PassedCall } from "./calls.ts";
export { refuseByEngine } from "./engines.ts";
export type { SentAnswer } from "./session/answer.ts";
export { refuseField } from "./session/field.ts";
export { type Fields, judgeSession } from "./session/head.ts";
export { answerTo } from "./session/sent.ts";
