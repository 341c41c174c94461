export {
  applyChange,
  type Change,
  type Changed,
  hasAdmin,
  joinClient,
  putClient,
  type Refused,
  removeClient,
  revokeKey,
  setClientExpires,
  setClientRole,
  setClientState,
} from "./change.ts";
export {
  CLIENT_NAME,
  type Client,
  type ClientKey,
  clientKey,
  isLentName,
  lentName,
  readClient,
  readClientName,
  readInstant,
  readOwnRoleName,
  readRoleName,
} from "./client.ts";
export { type Admission, ClientList, type Refusal } from "./client-list.ts";
export { formatClients, parseClients } from "./clients-file.ts";
export { type Approved, fetched, WAIT_MS, withCertificate, withRequest } from "./invitations/approval.ts";
export {
  formatInvitations,
  type Invitation,
  type InvitationStore,
  isOpen,
  MAX_INVITATIONS,
  parseInvitations,
  redeem,
  replaced,
  type TokenRefusal,
  withInvitation,
  withoutInvitation,
} from "./invitations/invitation.ts";
export {
  isProven,
  type KeyRequest,
  NOT_ASKED,
  proofKey,
  readKeyRequest,
  readProof,
  requestProof,
  shownSecret,
} from "./invitations/key-request.ts";
export {
  formatNativeToken,
  formatToken,
  type HostToken,
  type InvitationToken,
  isNativeToken,
  parseNativeToken,
  parseToken,
  SECRET_BYTES,
  secretHash,
} from "./invitations/token.ts";
export { ListInForce } from "./list-in-force.ts";
export {
  type KeptTexts,
  keptAfter,
  keptFrom,
  type ListTexts,
  listPaths,
  type TextWrite,
  writesFor,
} from "./list-texts.ts";
export {
  clientOf,
  passesByKey,
  passOf,
  withPass,
  withTrust,
} from "./oidc/job-access.ts";
export { type JobToken, readJobToken } from "./oidc/job-token.ts";
export {
  CLAIM_NAME,
  claimsProblem,
  formatJobAccess,
  ISSUER_NAMES,
  isIssuer,
  type JobAccess,
  type JobPass,
  type JobStore,
  type JobTrust,
  jobIdentity,
  MAX_LIFE_MS,
  MIN_LIFE_MS,
  NO_JOBS,
  parseJobAccess,
  readClaims,
  readJobTrust,
  trustFields,
} from "./oidc/job-trust.ts";
export { type JobRefusal, judgeToken, type RefusedToken } from "./oidc/judge-token.ts";
export { hasKeyOf, type IssuerKey, isSignedByOne, parseKeySet } from "./oidc/verify-token.ts";
export { outUntilRestart } from "./out-until-restart.ts";
export { renameClient } from "./rename.ts";
export {
  type CopySign,
  forgiven,
  formatRenewal,
  judgeRenewal,
  MAX_RECOVERIES,
  parseRenewal,
  RECOVERY_WINDOW_MS,
  type Renewal,
  type RenewalStore,
} from "./renewals/renewal.ts";
export { type KeyRecords, recordsAfter, withRevocations } from "./revocations.ts";
export type { ClientStore, KeptClients } from "./store.ts";
