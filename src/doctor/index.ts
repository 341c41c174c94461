export type { Danger, Message, Topic } from "./explain/entry.ts";
export { type Explained, type Explanation, explain } from "./explain/explain.ts";
export { families } from "./explain/messages.ts";
export { type Paint, PLAIN } from "./paint.ts";
export { type HumanOptions, renderHuman } from "./render/human.ts";
export { renderJson } from "./render/json.ts";
export type { Report } from "./render/report.ts";
export { renderSarif } from "./render/sarif.ts";
