export { type Difference, differencesOf } from "./differences.ts";
export {
  formatProposal,
  judgeDraft,
  MOST_PROPOSAL,
  type Proposal,
  type ReadProposal,
  readProposal,
  signProposal,
} from "./proposal.ts";
