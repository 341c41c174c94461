export type { Outcome } from "./change/change-host.ts";
export type {
  LaptopPort,
  OutsidePort,
  Question,
  QuestionsPort,
  TimerPort,
  UpEvent,
  UpPorts,
} from "./ports.ts";
export type { Prepared } from "./prepared.ts";
export { DEFAULT_CONFIRM_WITHIN_MS, retyped, type UpRequest } from "./request.ts";
export { type UpResult, up } from "./up.ts";
