/** Explains messages that Docker clients print. */
export type { Danger, Message, Topic } from "./entry.ts";
export { type Explained, type Explanation, explain } from "./explain.ts";
export { families } from "./messages.ts";
export { concludeProof, type Proof } from "./proof.ts";
export { EXCERPT_BYTES, Excerpt, type ExcerptText } from "./text/excerpt.ts";
