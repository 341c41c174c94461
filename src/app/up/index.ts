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
export type { UpRequest, UpTarget } from "./request.ts";
export { checkNames, type UpResult, up } from "./up.ts";
