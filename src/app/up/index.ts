export type { Outcome } from "./change/change-host.ts";
export type {
  LaptopPort,
  OpenHost,
  OutsidePort,
  Question,
  QuestionsPort,
  RandomPort,
  TimerPort,
  UpEvent,
  UpPorts,
} from "./ports.ts";
export type { Prepared } from "./prepared.ts";
export { look, lookSettled } from "./recognise/look.ts";
export { meetHost } from "./recognise/meet-host.ts";
export type { UpRequest, UpTarget } from "./request.ts";
export { checkNames, type UpResult, up } from "./up.ts";
