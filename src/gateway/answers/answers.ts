/** Which answers dockerd prepares or keeps for which client. Admins are not counted: they may do anything to dockerd. */
import type { OperationCall } from "../../engine/index.ts";
import type { CallKind } from "../../policy/index.ts";
import { AnswerPlace } from "./answer-place.ts";
import { InTurnByClient } from "./in-turn-by-client.ts";
import { type AnswerKind, type AnswerLimits, answerKindOf, answersOf, buildAnswers } from "./kind.ts";
import { AnswerRoom } from "./room.ts";

export class Answers {
  readonly #limits: AnswerLimits;
  readonly #clock: () => number;
  /** By the kind's name: there are as many as kinds. */
  readonly #rooms = new Map<string, AnswerRoom>();
  readonly #counts = new InTurnByClient();

  /** @param clock milliseconds, of a clock that nobody sets: only durations count */
  constructor(limits: AnswerLimits, clock = () => performance.now()) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** @returns null: nobody counts the call's answer */
  placeFor(owner: string, call: OperationCall | null): AnswerPlace | null {
    const kind = answerKindOf(call, this.#limits);
    return kind && new AnswerPlace(this.#roomOf(kind), owner, kind);
  }

  /** For a question of the gateway's own, about a client's request. */
  placeForLookup(owner: string): AnswerPlace {
    const kind = answersOf("lookups", this.#limits);
    return new AnswerPlace(this.#roomOf(kind), owner, kind);
  }

  /** For the answer to one of a build's calls. */
  placeForBuild(owner: string, call: CallKind): AnswerPlace {
    const kind = buildAnswers(call, this.#limits);
    return new AnswerPlace(this.#roomOf(kind), owner, kind);
  }

  /** Counts what a client makes, for which the engine may have to be asked, when its earlier requests are counted. */
  countInTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
    return this.#counts.run(owner, work);
  }

  /** Whether such a request would have to wait now. */
  mustWait(owner: string, call: OperationCall | null): boolean {
    const kind = answerKindOf(call, this.#limits);
    return kind !== null && kind.place !== "stream" && !this.#roomOf(kind).isFree(owner);
  }

  #roomOf(kind: AnswerKind): AnswerRoom {
    const room = this.#rooms.get(kind.name) ?? new AnswerRoom(kind, this.#clock);
    this.#rooms.set(kind.name, room);
    return room;
  }
}
