/** Passes what an operator asks through the store to the gateway, one question after the other. */
import { inOneLine, OneAtATime } from "../../base/index.ts";
import { MOST_QUESTION, refuseAnswer } from "../../fleet/index.ts";

/** An operator asks a host one question at a time; a store may send any number. */
const MOST_WAITING = 8;

export class PassQuestions {
  readonly #ask: (question: string) => Promise<string>;
  readonly #turns = new OneAtATime();
  #waiting = 0;

  /** @param ask the gateway */
  constructor(ask: (question: string) => Promise<string>) {
    this.#ask = ask;
  }

  /** @param question from anybody @returns what the gateway answers, or why it does not. Never rejects */
  async answer(question: string): Promise<string> {
    if (question.length > MOST_QUESTION) return refuseAnswer(question, "the question is too long");
    if (this.#waiting >= MOST_WAITING) return refuseAnswer(question, "too many questions wait for this host");
    this.#waiting += 1;
    try {
      return await this.#turns.run(() => this.#ask(question));
    } catch (error) {
      return refuseAnswer(question, inOneLine(error));
    } finally {
      this.#waiting -= 1;
    }
  }
}
