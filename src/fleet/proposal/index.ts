export { type Difference, differencesOf, keysByName } from "./differences.ts";
export { judgeDraft, type Proposal, type ReadProposal } from "./judge.ts";
export { formatProposal, MOST_PROPOSAL, readProposal, signProposal } from "./proposal.ts";
