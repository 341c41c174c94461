export { look, lookAtRest, lookSettled } from "./look.ts";
export { meetHost, requireKeyHeld } from "./meet-host.ts";
export type { LookEvent, LookPorts, OpenHost, RandomPort } from "./ports.ts";
