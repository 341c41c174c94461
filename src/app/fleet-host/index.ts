export { FollowStore } from "./follow-store.ts";
export { PassQuestions } from "./pass-questions.ts";
export type { FleetHostPorts } from "./ports.ts";
