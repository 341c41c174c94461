import { refuseAnswer } from "../../../src/fleet/index.ts";

/** A host that no operator asks. */
export const NO_QUESTION = async (question: string): Promise<string> =>
  refuseAnswer(question, "nobody asks in this test");
