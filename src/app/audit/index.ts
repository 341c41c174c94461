export { type AskLog, overLine, VERIFY_MS, verifyPath } from "./ask-log.ts";
export { problemTexts, requireIntact, showRecords, verifyRecords } from "./audit.ts";
export { type Fetched, fetchLog, MOST_FETCHED } from "./fetch-log.ts";
export type { AuditPlace } from "./find-source.ts";
export { type FollowQuery, followAgain, type Reach } from "./follow-again.ts";
export { newestTime } from "./newest-record.ts";
export type { AuditPorts, FollowPorts, RecordQuery, RecordSource } from "./ports.ts";
export { MOST_OF_HOST } from "./room.ts";
