/** Where a question to a host and its answer lie: one file that the web server serves, and one that it takes. */
import { createHash } from "node:crypto";

const ENDING = ".json";

/** @param receiptUrl of the host: who does not know it cannot guess the name */
export const questionName = (receiptUrl: string): string =>
  `ask.${createHash("sha256").update(receiptUrl).digest("hex").slice(0, 32)}${ENDING}`;

/** @param receipt name or URL of the host's receipt */
export const answerName = (receipt: string): string => `${receipt.slice(0, -ENDING.length)}.answer`;
