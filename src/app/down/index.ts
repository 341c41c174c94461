export { type DownResult, down } from "./down.ts";
export type {
  DownEvent,
  DownPorts,
  DownPreview,
  DownQuestion,
  DownQuestionsPort,
  LaptopPart,
} from "./ports.ts";
export type { DownRequest } from "./request.ts";
