export type { Outcome } from "./change/change-host.ts";
export type { Reissued } from "./change/reissue.ts";
export type {
  LaptopPort,
  OutsidePort,
  Question,
  QuestionsPort,
  ReissuedFile,
  TimerPort,
  UpEvent,
  UpPorts,
} from "./ports.ts";
export type { CaReplacement, Prepared } from "./prepared.ts";
export { DEFAULT_CONFIRM_WITHIN_MS, requestOf, retyped, type UpRequest } from "./request.ts";
export { type UpResult, up } from "./up.ts";
