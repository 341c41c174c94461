export { changesBetween, comparedOf, type Difference, differencesOf } from "./differences.ts";
export { judgeDraft, type Proposal, type ReadProposal } from "./judge.ts";
export {
  formatProposal,
  isFinished,
  isSameChange,
  MOST_PROPOSAL,
  readProposal,
  signProposal,
} from "./proposal.ts";
