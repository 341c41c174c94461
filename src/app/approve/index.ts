export { type ApprovalRecord, formatApproval, parseAnyApproval, parseApproval } from "./approval-record.ts";
export { approveClient } from "./approve.ts";
export { formatRecord, type InvitationRecord } from "./invitation-record.ts";
export {
  approveNative,
  inviteToNative,
  type NativeApproved,
  type NativeApprovePorts,
  type NativeInvitation,
  type NativeRequest,
  type Unsupported,
} from "./native.ts";
export type {
  ApprovalRecords,
  ApprovedClient,
  ApprovePorts,
  InvitationRecords,
  RequestToApprove,
} from "./ports.ts";
export { requireApprover, signClient } from "./sign-client.ts";
