/** Events of a request's flow, and what a row of them does to a connection. */
import type {
  Effect,
  Event,
  Outcome,
  Outgoing,
  Rest,
  State,
  ToAdminApi,
  ToJudge,
} from "../../../src/gateway/request/state.ts";
import { transition } from "../../../src/gateway/request/transition.ts";

export const open = { closing: false, clientEnded: false };
export const idle: State = { at: "idle", ...open };
export const request = { isJudged: false } as Outgoing;
export const judge = { to: "judge", judge: {} } as ToJudge;
export const api = { to: "admin-api" } as ToAdminApi;
export const toDocker: Outcome = { to: "docker", request };
export const denied: Outcome = { to: "client", refusal: { status: 403, text: "no" } };

const NOTHING_MORE: Rest = { keepsMore: false, isEndless: false };

export const head = (outcome: Outcome, bodyDue = false, close = false, rest = NOTHING_MORE): Event => ({
  type: "head",
  outcome,
  bodyDue,
  close,
  ...rest,
});
export const judged = (outcome: Outcome, rest = NOTHING_MORE): Event => ({
  type: "judged",
  outcome,
  ...rest,
});
export const answered = (close = false): Event => ({ type: "answered", close });
export const broken = (hasAnswered: boolean): Event => ({
  type: "broken",
  refusal: { status: 400, text: "bad", error: "bad" },
  hasAnswered,
});
export const clientEnded = (keepsMore = false, isEndless = false, onlyReads = false): Event => ({
  type: "client-ended",
  keepsMore,
  isEndless,
  onlyReads,
});
export const dockerEnded = (how: "idle" | "unanswered" | "cut" | "complete" | "half"): Event => ({
  type: "docker-ended",
  how,
  why: "gone",
});
export const drain = (more: Partial<Extract<Event, { type: "drain" }>> = {}): Event => ({
  type: "drain",
  keepsMore: false,
  isObserver: false,
  isNew: false,
  ...more,
});

/** What happens to a connection, one event after the other. @returns where it is, and what was done meanwhile */
export function run(events: readonly Event[], from: State = idle) {
  let state = from;
  const effects: Effect[] = [];
  for (const event of events) {
    const next = transition(state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, at: state.at, did: effects.map((effect) => effect.do), effects };
}
