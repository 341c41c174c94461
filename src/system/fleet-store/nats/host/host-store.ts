/** A fleet's store in NATS JetStream, for a host: hears of each list at once, and asks now and then in case it missed one. */
import type { NatsConnection } from "@nats-io/transport-node";
import { MINUTE_MS, SECOND_MS } from "../../../../base/index.ts";
import {
  formatReceipt,
  type HostAccess,
  type HostReceipt,
  type HostStore,
  inboxOf,
  lastOf,
  listSubject,
  Newest,
  receiptSubject,
  StateTeller,
  unpack,
  waitMs,
} from "../../../../fleet/index.ts";
import { pause } from "../../../fleet-process/pause.ts";
import { ANSWER_MS, connectTo } from "../connect.ts";
import { requireStored } from "../stored.ts";
import { hearList } from "./hear-list.ts";
import { hearQuestions } from "./hear-questions.ts";

const FIRST_WAIT_MS = SECOND_MS;
/** Of a question for the list. The servers may pass it to one of them that stands still; asked again, they may pass it to another. */
const LIST_MS = 3 * SECOND_MS;
/** A connection that lasted so long was not refused: the next one does not wait longer for it. */
const LASTED_MS = 10 * SECOND_MS;
const NOT_FOUND = 404;

/** @returns null: the store has none @throws Error */
async function lastList(connection: NatsConnection, fleet: string): Promise<Uint8Array | null> {
  const answer = await connection.request(lastOf(fleet, listSubject(fleet)), undefined, {
    timeout: LIST_MS,
  });
  const code = answer.headers?.code ?? 0;
  if (code === 0) return answer.data;
  if (code === NOT_FOUND) return null;
  throw new Error(`it answers with status ${code} ${answer.headers?.description ?? ""}`);
}

/** @throws Error */
async function putReceipt(
  connection: NatsConnection | null,
  subject: string,
  receipt: HostReceipt,
): Promise<void> {
  if (connection === null) throw new Error("there is no connection");
  const answer = await connection.request(subject, formatReceipt(receipt), { timeout: ANSWER_MS });
  requireStored(answer.string());
}

/** A text that is the same as the last one does not come again. */
async function* changes(newest: Newest<string>, signal: AbortSignal): AsyncGenerator<string> {
  for (let last: string | undefined; !signal.aborted; ) {
    const text = await newest.take(signal);
    if (text === undefined || text === last) continue;
    last = text;
    yield text;
  }
}

/** @returns what takes a list: whether it is a new one; null: it cannot be unpacked */
function hearing(newest: Newest<string>, teller: StateTeller): (data: Uint8Array) => boolean | null {
  let last: string | null = null;
  return (data) => {
    try {
      const text = unpack(data);
      newest.put(text);
      const isNew = text !== last;
      last = text;
      return isNew;
    } catch (error) {
      teller.lost((error as Error).message);
      return null;
    }
  };
}

/** @param askMs how often it asks for the list; for tests */
export function openNatsStore(access: HostAccess, askMs = MINUTE_MS): HostStore {
  const { address, fleet, host, credentials, onState } = access;
  const teller = new StateTeller(onState, Date.now);
  const newest = new Newest<string>();
  let connection: NatsConnection | null = null;
  /** The server of the last connection. */
  let lost: string | null = null;
  const hear = hearing(newest, teller);

  /** While nobody answers, the subscription stays: the operator may publish anew. @returns whether the store has answered */
  async function look(opened: NatsConnection): Promise<boolean> {
    try {
      const list = await lastList(opened, fleet);
      if (list !== null && hear(list) === null) return false;
      teller.connected();
      return true;
    } catch (error) {
      teller.lost((error as Error).message);
      return false;
    }
  }

  /** Until the connection ends. @throws Error */
  async function listen(signal: AbortSignal): Promise<void> {
    const who = { credentials: Buffer.from(credentials ?? ""), inbox: inboxOf(fleet, host) };
    const opened = await connectTo(address, who, { lost });
    lost = opened.getServer();
    const stop = () => void opened.close();
    signal.addEventListener("abort", stop, { once: true });
    const over = opened.closed();
    try {
      hearList(opened, fleet, {
        onMessage: (data) => hear(data) === true,
        onPause: () => void look(opened),
      });
      hearQuestions(opened, access);
      connection = opened;
      let failures = 0;
      while (!signal.aborted && !opened.isClosed()) {
        failures = (await look(opened)) ? 0 : failures + 1;
        const wait = new AbortController();
        void over.then(() => wait.abort());
        const ms =
          failures === 0 ? waitMs(0, askMs, Math.random()) : waitMs(failures, FIRST_WAIT_MS, Math.random());
        await pause(ms, AbortSignal.any([signal, wait.signal]));
      }
    } finally {
      connection = null;
      signal.removeEventListener("abort", stop);
      await opened.close();
    }
    const why = await over;
    throw why ?? new Error("the connection has ended");
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = Date.now();
      await listen(signal).catch((error: Error) => {
        if (!signal.aborted) teller.lost(error.message);
      });
      if (Date.now() - began > LASTED_MS) failures = 0;
      await pause(waitMs(failures, FIRST_WAIT_MS, Math.random()), signal);
    }
  }

  return {
    publications(signal) {
      void run(signal);
      return changes(newest, signal);
    },
    async acknowledge(receipt) {
      await putReceipt(connection, receiptSubject(fleet, host), receipt);
    },
    async close() {
      await connection?.close();
    },
  };
}
