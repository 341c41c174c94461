export { daysOf, daysProblem } from "./certificate-days.ts";
export { type LineSummary, type Summarised, type SummaryPorts, summariseLines } from "./line-summary.ts";
export { askEngineOf, type LineStatus, type StatusPorts, statusOf } from "./status.ts";
