export { type Answer, type ExplainRequest, explain } from "./explain.ts";
export type { ExplainPorts } from "./ports.ts";
