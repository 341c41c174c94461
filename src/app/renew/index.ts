export type { PendingRenewals, RenewPorts } from "./ports.ts";
export { type RenewedLine, type RenewOptions, renewLine } from "./renew-line.ts";
