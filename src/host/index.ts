export {
  applyPlan,
  confirmTransaction,
  openTransaction,
  sendPrograms,
  type TransactionParts,
  undoTransaction,
} from "./apply/transaction.ts";
export { type Destination, defaultLineName, parseDestination } from "./destination.ts";
export { settleScript, undoAllScript } from "./journal/transaction.ts";
export { type LineChoice, type LineWanted, lineForHost, lineOnHost } from "./line-for-host.ts";
export { type Change, type GatewayAction, isEmpty, type Plan, type ProgramFile } from "./plan/change.ts";
export { type DownPlan, planDown } from "./plan/plan-down.ts";
export { planLine } from "./plan/plan-line.ts";
export { requireJournal } from "./plan/require-journal.ts";
export { type Survey, surveyHost } from "./plan/survey.ts";
export type { GatewayWish, Wish } from "./plan/wish.ts";
export { openPortHints, parseReach, type ReachFacts, reachScript } from "./reach-script.ts";
export { classifySshFailure } from "./ssh-failure.ts";
export { untried } from "./tried.ts";
