/** Passes what operators ask through the store to the gateway, a few questions at a time. */
import { inOneLine } from "../../base/index.ts";
import { MOST_QUESTION, refuseAnswer } from "../../fleet/index.ts";

/** Beside one that takes minutes. The gateway takes four connections, and a list must not wait. */
const AT_ONCE = 2;
/** An operator asks a host one question at a time; a store may send any number. */
const MOST_WAITING = 8;

export class PassQuestions {
  readonly #ask: (question: string) => Promise<string>;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param ask the gateway */
  constructor(ask: (question: string) => Promise<string>) {
    this.#ask = ask;
  }

  /** @param question from anybody @returns what the gateway answers, or why it does not. Never rejects */
  async answer(question: string): Promise<string> {
    if (question.length > MOST_QUESTION) return refuseAnswer(question, "the question is too long");
    if (this.#waiting.length >= MOST_WAITING)
      return refuseAnswer(question, "too many questions wait for this host");
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await this.#ask(question);
    } catch (error) {
      return refuseAnswer(question, inOneLine(error));
    } finally {
      // Whoever waits takes the place over.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
