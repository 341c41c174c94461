export { requireIntact, showRecords, verifyRecords } from "./audit.ts";
export type { AuditPlace } from "./find-source.ts";
export type { AuditPorts, RecordQuery, RecordSource } from "./ports.ts";
