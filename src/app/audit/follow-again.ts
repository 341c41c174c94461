/** Follows a log for as long as somebody reads: after an end or a failure it goes on where it was. */
import type { RecordSelection } from "../../audit/index.ts";
import { MINUTE_MS, SECOND_MS, TetherdockError } from "../../base/index.ts";
import { readDone } from "../gateway-api/index.ts";
import type { AskLog } from "./ask-log.ts";
import { askedPieces, newestTime } from "./newest-record.ts";
import type { FollowPorts } from "./ports.ts";
import { PrintedRecords } from "./printed-records.ts";

export interface FollowQuery extends RecordSelection {
  readonly signal: AbortSignal;
}

/** Asks whether the host answers this way. @returns what is to be read @throws as {@link AskLog} */
export type Reach = (ask: AskLog) => Promise<FollowQuery>;

/** How one log is followed. */
export interface Followed {
  /** Reads it once, until the host ends it. */
  readonly open: (reach: Reach) => AsyncIterable<string>;
  /** Whether it may be followed again after this. @param wasReached before, by any way */
  readonly isPassing: (error: TetherdockError, wasReached: boolean) => boolean;
  /** Said once, until {@link onAgain}. */
  readonly onStop: (error: TetherdockError) => void;
  readonly onAgain: () => void;
}

const FIRST_WAIT_MS = SECOND_MS;
const MOST_WAIT_MS = MINUTE_MS;
/** Whoever was followed for so long is not waited for longer and longer. */
const STEADY_MS = 10 * SECOND_MS;
/** Until the first answer: what is made meanwhile is new. */
const PROMPT_MS = 5 * SECOND_MS;

function hasEnded(): TetherdockError {
  return new TetherdockError("GATEWAY_UNREACHABLE", "its gateway has ended");
}

/** Where one log is. */
class State {
  readonly #clock: () => number;
  readonly #began: number;
  readonly #printed: PrintedRecords;
  #reachedAt: number | null = null;
  #tries = 0;
  isLost = false;
  wasReached = false;

  constructor(clock: () => number, sinceMs: number | undefined) {
    this.#clock = clock;
    this.#began = clock();
    this.#printed = new PrintedRecords(sinceMs ?? null);
  }

  /** @returns from when on the log is to be read */
  async reach(ask: AskLog): Promise<number> {
    if (this.#printed.isBegun) await ask("status", readDone);
    else {
      const newest = await newestTime(askedPieces(ask));
      const late = this.#clock() - this.#began;
      this.#printed.begin(newest + 1 - (late > PROMPT_MS ? late : 0));
    }
    this.#reachedAt = this.#clock();
    this.wasReached = true;
    return this.#printed.resume();
  }

  take(record: string): boolean {
    return this.#printed.take(record);
  }

  waitMs(): number {
    if (this.#reachedAt !== null && this.#clock() - this.#reachedAt > STEADY_MS) this.#tries = 0;
    this.#reachedAt = null;
    return Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries++);
  }
}

/**
 * @param query without `sinceMs`, only records that are made from now on
 * @throws what does not pass
 */
export async function* followAgain(
  { clock, pause }: FollowPorts,
  followed: Followed,
  query: FollowQuery,
): AsyncGenerator<string> {
  const { signal } = query;
  const state = new State(clock, query.sinceMs);
  const reach: Reach = async (ask) => {
    const sinceMs = await state.reach(ask);
    if (state.isLost) followed.onAgain();
    state.isLost = false;
    return { ...query, sinceMs };
  };
  while (!signal.aborted) {
    try {
      for await (const record of followed.open(reach)) if (state.take(record)) yield record;
      if (signal.aborted) return;
      throw hasEnded();
    } catch (error) {
      if (signal.aborted || !(error instanceof TetherdockError)) throw error;
      if (!followed.isPassing(error, state.wasReached)) throw error;
      if (!state.isLost) followed.onStop(error);
      state.isLost = true;
    }
    await pause(state.waitMs(), signal);
  }
}
