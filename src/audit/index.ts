export {
  type FileHeader,
  formatHeader,
  GENESIS,
  isRecord,
  parseHeader,
  parseSeal,
  sealBlock,
} from "./chain/chain.ts";
export { type FileReport, FileWalk } from "./chain/file-walk.ts";
export {
  type AuditProblem,
  type AuditVerification,
  type ChainVerification,
  verifyChain,
} from "./chain/verify-chain.ts";
export { type ExpectedSeal, verifyLog } from "./chain/verify-log.ts";
export { AUDIT_KEEP, AUDIT_ROTATE_BYTES, AUDIT_SYNC_MS } from "./defaults.ts";
export { type AuditEvent, type AuditSink, type CutText, gatewayEvent } from "./event.ts";
export { auditFileName, auditFileNumber, isAuditFileName } from "./file-name.ts";
export type { DiskRoom, LogCopy } from "./log-copy.ts";
export { mergeByTime } from "./merge-by-time.ts";
export { AUDIT_PARTS, type AuditPart, filesKept, longestText } from "./part.ts";
export { readRecord } from "./read-record.ts";
export { clientOf, createRecordFilter, type RecordSelection, timeOfRecord } from "./record-filter.ts";
export { createRecordFormat } from "./record-format.ts";
export { RefusalCounts, type RefusalLimits } from "./refusal-counts.ts";
