export {
  type FileHeader,
  formatHeader,
  GENESIS,
  isRecord,
  parseHeader,
  parseSeal,
  sealBlock,
} from "./chain.ts";
export { AUDIT_KEEP, AUDIT_ROTATE_BYTES, AUDIT_SYNC_MS } from "./defaults.ts";
export { type AuditEvent, type AuditSink, gatewayEvent } from "./event.ts";
export { auditFileName, auditFileNumber } from "./file-name.ts";
export { type FileReport, FileWalk } from "./file-walk.ts";
export { createRecordFilter, type RecordWish } from "./record-filter.ts";
export { createRecordFormat } from "./record-format.ts";
export { type AuditProblem, type AuditVerification, verifyChain } from "./verify-chain.ts";
