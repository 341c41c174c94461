export {
  applyPlan,
  confirmTransaction,
  openTransaction,
  type StepName,
  sendPrograms,
  type TransactionParts,
  undoTransaction,
} from "./apply/transaction.ts";
export {
  type Destination,
  defaultLineName,
  parseDestination,
  sshArguments,
  sshCommand,
} from "./destination.ts";
export { settleScript, undoAllScript } from "./journal/transaction.ts";
export {
  type Change,
  type FleetAction,
  type GatewayAction,
  isEmpty,
  type Plan,
  type ProgramFile,
} from "./plan/change.ts";
export { requireJournal } from "./plan/checks/require-journal.ts";
export type { DesiredGateway, DesiredState } from "./plan/desired-state.ts";
export type { Executable } from "./plan/gateway/executable.ts";
export { type DownPlan, planDown } from "./plan/plan-down.ts";
export { planLine } from "./plan/plan-line.ts";
export { type Survey, surveyHost } from "./plan/survey.ts";
export { openPortHints, parseReach, type ReachFacts, reachScript } from "./reach-script.ts";
export { type AddressProof, judgeAddresses } from "./recognise/address-proof.ts";
export { dialable, MAX_CLAIMED_ADDRESSES } from "./recognise/dialable.ts";
export { requireFreeNames } from "./recognise/free-names.ts";
export { type Challenge, isProof, proofScript } from "./recognise/host-proof.ts";
export { describeSides, type HostSeen, isAtDestination, lineOnHost } from "./recognise/host-seen.ts";
export { type DownChoice, hostNotProvenForDown, lineForDown } from "./recognise/line-for-down.ts";
export { hostNotProven, type LineChoice, type LineWanted, lineForHost } from "./recognise/line-for-host.ts";
export { classifySshFailure, withoutRemoteCommand } from "./ssh-failure.ts";
export { untried } from "./tried.ts";
