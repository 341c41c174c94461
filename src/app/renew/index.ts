export type { PendingRenewals, RenewPorts } from "./ports.ts";
export { type RenewedLine, type RenewOptions, renewLine } from "./renew-line.ts";
export { type RenewedServer, renewServer, type ServerPorts } from "./renew-server.ts";
export type { TakenCa } from "./take-ca.ts";
export { type TakenCertificate, type TakePorts, takeCertificate } from "./take-certificate.ts";
export { type Installed, installTimer, type Uninstalled, uninstallTimer } from "./timer.ts";
export { formatSettings, parseSettings, type RenewSettings, type TimerPorts } from "./timer-ports.ts";
