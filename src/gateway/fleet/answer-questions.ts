/**
 * What an operator of this host's fleet asks through the store: for the audit log, as an admin does over a line, and nothing else.
 * It comes from the fleet process, which nobody believes: an operator's key has signed it, and the answer is for that operator only.
 */
import { inOneLine, OneAtATime } from "../../base/index.ts";
import {
  calledOperator,
  type FleetDocuments,
  judgeQuestion,
  type KeptFleet,
  operatorsOf,
  QUESTION_MS,
  type Question,
  refuseAnswer,
  type Said,
  sealAnswer,
} from "../../fleet/index.ts";
import { refused } from "../admin-port.ts";
import type { AuditReader, LinkPort } from "../ports.ts";
import { readCopyCall } from "../record/copy-calls.ts";
import type { FleetParts } from "./take-list.ts";

/** What a host says of itself through the store, as over a line. */
export interface AboutHost {
  /** Version of the gateway. */
  readonly version: string;
  /** Version of the engine; null: it does not answer. */
  readonly engine: string | null;
  /** The server certificate, PEM; null: the gateway does not listen on TCP. */
  readonly certificate: string | null;
}

export interface AnswerParts extends FleetParts {
  readonly audit: AuditReader;
  readonly aboutHost: () => Promise<AboutHost>;
}

/** Bytes of a piece of the log. Its base64 is encrypted, and base64 again: it must fit into an answer. */
const PIECE_BYTES = 512 * 1024;
/** Of the last {@link QUESTION_MS}: a copy of a gigabyte takes two thousand. */
const MOST_ANSWERED = 20_000;

export class AnswerQuestions {
  readonly #parts: () => AnswerParts;
  readonly #port: Pick<LinkPort, "receiptKey">;
  readonly #turns = new OneAtATime();
  /** Hashing a gigabyte takes minutes, and does not hold a copy up. */
  readonly #verifies = new OneAtATime();
  /** Ids of questions, and until when they would be answered, the oldest first: whoever has passed one on may pass it on again. */
  readonly #answered = new Map<string, number>();

  /** By operator: when it was recorded last that they read. */
  readonly #noted = new Map<string, number>();

  constructor(parts: () => AnswerParts, port: Pick<LinkPort, "receiptKey">) {
    this.#parts = parts;
    this.#port = port;
  }

  /** @param host name of this host in its fleet @returns the answer's text. Never rejects */
  async answer(text: string, host: string): Promise<string> {
    const judged = this.#judge(text, host);
    if ("refused" in judged) return refuseAnswer(text, judged.refused);
    const { question } = judged;
    if (!this.#remember(question, this.#parts().gateway.clock()))
      return refuseAnswer(text, "the question was answered before, or there are too many");
    const turns = question.call.startsWith("audit/verify") ? this.#verifies : this.#turns;
    try {
      return await turns.run(async () => {
        // It may have waited for minutes: a newer list may have removed the operator meanwhile.
        const now = this.#judge(text, host);
        return "refused" in now ? refuseAnswer(text, now.refused) : await this.#say(text, question, now.kept);
      });
    } catch (error) {
      return refuseAnswer(text, inOneLine(error));
    }
  }

  #judge(text: string, host: string) {
    const { gateway, fleet } = this.#parts();
    const { kept } = fleet;
    if (kept === null) return { refused: "this host is in no fleet" };
    const judged = judgeQuestion(text, kept, host, gateway.clock());
    return "refused" in judged ? judged : { ...judged, kept };
  }

  /** @returns whether it is new, and there is room for it */
  #remember({ id, at }: Question, now: number): boolean {
    for (const [known, until] of this.#answered) {
      if (until >= now) break;
      this.#answered.delete(known);
    }
    if (this.#answered.has(id) || this.#answered.size >= MOST_ANSWERED) return false;
    this.#answered.set(id, at + QUESTION_MS);
    return true;
  }

  /** Once in ten minutes: a copy takes thousands of questions, and who follows the log would read of their own. */
  #note(operator: string, documents: FleetDocuments): void {
    const now = this.#parts().gateway.clock();
    const last = this.#noted.get(operator);
    // a clock may be set back
    if (last !== undefined && Math.abs(now - last) < QUESTION_MS) return;
    this.#noted.set(operator, now);
    const asking = operatorsOf(documents).find(({ id }) => id === operator);
    const called = asking === undefined ? operator : calledOperator(asking);
    this.#parts().gateway.note("gateway", null, "fleet-audit", `${called} reads the audit log`);
  }

  /** @param note records that the log is read: called when it was, before anybody is told what it says */
  async #call(path: string, query: URLSearchParams, note: () => void): Promise<Said> {
    const { audit, aboutHost } = this.#parts();
    if (path === "status") return { status: 200, value: await aboutHost() };
    const [, rest] = /^audit\/(.+)$/.exec(path) ?? [];
    const said = rest === undefined ? null : await readCopyCall(audit, rest, query, PIECE_BYTES);
    // What there is to copy is asked for by `fleet status` too, and is no record.
    if (said?.status === 200 && rest !== "files") note();
    return said ?? refused(404, "through a store there are status, audit/files and audit/verify");
  }

  async #say(text: string, question: Question, { documents }: KeptFleet): Promise<string> {
    const [path = "", query] = question.call.split("?", 2);
    const said = await this.#call(path, new URLSearchParams(query), () =>
      this.#note(question.asker, documents),
    );
    return sealAnswer(text, question, said, await this.#port.receiptKey());
  }
}
