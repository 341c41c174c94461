export { type ApprovedClient, approveClient } from "./approve.ts";
export { formatRecord, type InvitationRecord } from "./invitation-record.ts";
export type { ApprovePorts, InvitationRecords, RequestToApprove } from "./ports.ts";
