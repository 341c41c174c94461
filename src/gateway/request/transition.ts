/** What follows from an event: the next state and the effects. Pure. An unexpected event changes nothing. */
import type { Problem } from "../../http/index.ts";
import type {
  Connected,
  Effect,
  Event,
  Outcome,
  Refusal,
  Rest,
  State,
  ToAdminApi,
  ToJudge,
  Transition,
} from "./state.ts";

type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

export const LEAVING: State = { at: "leaving" };

/** For a gathered body above its limit. */
export const TOO_LARGE: Refusal = { status: 413, text: "the request body is too large", error: "body-size" };

/** @param text of the judge, if it has one */
export const tooLarge = (text: string = TOO_LARGE.text): Refusal => ({ ...TOO_LARGE, text });

const NOTHING: readonly Effect[] = [];
const FINISH: Effect = { do: "finish" };
const LEAVE: readonly Effect[] = [{ do: "leave" }];
const FINISH_AND_LEAVE: readonly Effect[] = [FINISH, { do: "leave" }];
const FINISH_AND_PROCEED: readonly Effect[] = [FINISH, { do: "ask-to-proceed" }];

const READ_NEXT: readonly Effect[] = [{ do: "read-next" }];
const END_DOCKER: readonly Effect[] = [{ do: "end-docker" }];
const RENEW_DOCKER: readonly Effect[] = [{ do: "renew-docker" }];
const DROP_CLIENT: readonly Effect[] = [{ do: "drop-client" }];

/** @param state the current one, perhaps with a changed fact */
const stay = (state: State, effects: readonly Effect[] = NOTHING): Transition => ({ state, effects });

export function refusalOf({ status, text, code }: Problem): Refusal {
  return { status, text, error: code };
}

function refused({ closing, clientEnded }: Connected, refusal: Refusal): Transition {
  const refuse: Effect = { do: "refuse", refusal, close: closing };
  return closing
    ? { state: LEAVING, effects: [refuse] }
    : {
        state: { at: "paused", closing, clientEnded, refused: true },
        effects: [refuse, { do: "ask-to-proceed" }],
      };
}

function completed({ closing, clientEnded }: Connected): Transition {
  return closing
    ? { state: LEAVING, effects: FINISH_AND_LEAVE }
    : { state: { at: "paused", closing, clientEnded, refused: false }, effects: FINISH_AND_PROCEED };
}

/**
 * The client has ended, and dockerd has its request. An end tells dockerd to give up what only somebody who stays wants. It gets none
 * while requests are kept that it still has to answer; who asks for something endless before them has left.
 */
function endForDocker({ keepsMore, isEndless }: Rest): readonly Effect[] {
  if (!keepsMore) return END_DOCKER;
  return isEndless ? DROP_CLIENT : NOTHING;
}

/** @param bodyDue whether part of the body is still to come */
function decided(
  { closing, clientEnded }: Connected,
  outcome: Outcome,
  bodyDue: boolean,
  rest: Rest,
): Transition {
  switch (outcome.to) {
    case "docker": {
      const forward: Effect = { do: "forward", request: outcome.request };
      return {
        state: { at: "forwarding", closing, clientEnded, bodyDue },
        effects: clientEnded ? [forward, ...endForDocker(rest)] : [forward],
      };
    }
    case "client":
      return refused({ closing: closing || bodyDue, clientEnded }, outcome.refusal);
    default:
      return bodyDue
        ? {
            state: { at: "gathering", closing, clientEnded, next: outcome },
            effects: clientEnded ? DROP_CLIENT : [{ do: "read-body", request: outcome.request }],
          }
        : whole({ closing, clientEnded }, outcome);
  }
}

/** The body is complete. */
function whole({ closing, clientEnded }: Connected, outcome: ToJudge | ToAdminApi): Transition {
  return outcome.to === "judge"
    ? { state: { at: "judging", closing, clientEnded }, effects: [{ do: "judge", outcome }] }
    : { state: { at: "answering", closing, clientEnded }, effects: [{ do: "call-admin-api", outcome }] };
}

function onBodyEnd(state: State): Transition {
  if (state.at === "gathering") return whole(state, state.next);
  if (state.at === "trailing") return completed(state);
  return state.at === "forwarding" ? stay({ ...state, bodyDue: false }) : stay(state);
}

/** A body for the admin API is read to its end whatever its size, so that the admin's connection can go on. */
function onTooLarge(state: State): Transition {
  return state.at === "gathering" && state.next.to === "judge"
    ? refused({ ...state, closing: true }, tooLarge(state.next.judge.tooLarge))
    : stay(state);
}

/** Drops the connection to dockerd: what it has of a broken request must not look complete. */
function onBroken(state: State, { refusal, hasAnswered }: On<"broken">): Transition {
  if (state.at === "leaving") return stay(state);
  if (hasAnswered && (state.at === "forwarding" || state.at === "trailing"))
    return { state: LEAVING, effects: [{ do: "cut", why: refusal.error ?? refusal.text }] };
  const { effects } = refused({ ...state, closing: true }, refusal);
  return { state: LEAVING, effects: [{ do: "drop-docker" }, ...effects] };
}

function onAnswered(state: State, { close }: On<"answered">): Transition {
  if (state.at !== "forwarding" && state.at !== "answering") return stay(state);
  const { clientEnded } = state;
  const closing = state.closing || close;
  return state.at === "forwarding" && state.bodyDue && !closing && !clientEnded
    ? stay({ at: "trailing", closing, clientEnded })
    : completed({ closing, clientEnded });
}

function onUpgraded(state: State): Transition {
  if (state.at !== "forwarding") return stay(state);
  const { closing, clientEnded } = state;
  return {
    state: { at: "raw", closing, clientEnded },
    effects: [{ do: "become-raw" }, ...(clientEnded ? END_DOCKER : [])],
  };
}

function onDockerEnded(state: State, { how, why }: On<"docker-ended">): Transition {
  if (state.at === "leaving") return stay(state);
  if (how === "half" && !state.clientEnded) return stay(state, [{ do: "half-close-client" }]);
  if (how === "cut") return { state: LEAVING, effects: [{ do: "cut", why }] };
  if (how === "unanswered") {
    const text = `Docker on the host did not answer: ${why}`;
    return refused({ ...state, closing: true }, { status: 502, text, error: why });
  }
  // The connection served an earlier request; this one does not use it yet.
  if (state.at === "gathering" || state.at === "judging" || state.at === "answering")
    return stay(state, RENEW_DOCKER);
  return { state: LEAVING, effects: FINISH_AND_LEAVE };
}

function onClientEnded(state: State, event: On<"client-ended">): Transition {
  const { keepsMore, isEndless, onlyReads } = event;
  switch (state.at) {
    case "leaving":
      return stay(state);
    case "idle":
      return { state: LEAVING, effects: LEAVE };
    case "trailing":
      return { state: LEAVING, effects: FINISH_AND_LEAVE };
    case "gathering":
      return stay(state, DROP_CLIENT);
    case "judging":
      // Nothing has been sent yet. What only reads is not worth a place in a queue any more.
      return isEndless || (onlyReads && !keepsMore)
        ? { state: LEAVING, effects: DROP_CLIENT }
        : stay({ ...state, clientEnded: true });
    case "answering":
      return stay({ ...state, clientEnded: true }, isEndless ? DROP_CLIENT : NOTHING);
    case "forwarding":
    case "raw":
      return stay({ ...state, clientEnded: true }, endForDocker(event));
    default:
      return stay({ ...state, clientEnded: true });
  }
}

/** Cuts calls that only observe, which would never end, and lets everything else finish. */
function onDrain(state: State, { isObserver, keepsMore, isNew }: On<"drain">): Transition {
  if (state.at === "leaving") return stay(state);
  if (isObserver) return { state: LEAVING, effects: [{ do: "cut", why: "shutdown" }] };
  const isBetween = state.at === "idle" || state.at === "paused";
  if (isBetween && !keepsMore && !isNew) return { state: LEAVING, effects: LEAVE };
  return stay({ ...state, closing: true });
}

export function transition(state: State, event: Event): Transition {
  switch (event.type) {
    case "head":
      return state.at === "idle"
        ? decided({ ...state, closing: state.closing || event.close }, event.outcome, event.bodyDue, event)
        : stay(state);
    case "body-end":
      return onBodyEnd(state);
    case "too-large":
      return onTooLarge(state);
    case "judged":
      return state.at === "judging" ? decided(state, event.outcome, false, event) : stay(state);
    case "refused":
      return state.at === "answering" ? refused(state, event.refusal) : stay(state);
    case "broken":
      return onBroken(state, event);
    case "answered":
      return onAnswered(state, event);
    case "upgraded":
      return onUpgraded(state);
    case "docker-ended":
      return onDockerEnded(state, event);
    case "client-ended":
      return onClientEnded(state, event);
    case "proceed":
      return state.at === "paused"
        ? {
            state: { at: "idle", closing: state.closing, clientEnded: state.clientEnded },
            effects: READ_NEXT,
          }
        : stay(state);
    case "drain":
      return onDrain(state, event);
  }
}
