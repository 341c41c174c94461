/**
 * The ports of a store between a fleet's operator and its hosts. A driver for each kind of store implements them in
 * src/system/fleet-store, and nobody believes what a driver gives: the hosts verify every publication.
 */
import type { StoreAddress } from "./address.ts";
import type { HostReceipt } from "./receipt.ts";

/** Whether a host reaches its store, for messages and `fleet status`. */
export type StoreState =
  | { readonly is: "connected" }
  /** @param since milliseconds since the epoch @param why from the network or the store: foreign text */
  | { readonly is: "lost"; readonly since: number; readonly why: string };

/** What a host needs to reach its fleet's store. */
export interface HostAccess {
  /** From the signed list. */
  readonly address: StoreAddress;
  /** Name of the fleet. */
  readonly fleet: string;
  /** Name of this host in the fleet's list. */
  readonly host: string;
  /** From {@link OperatorStore.admit}; null: the store is readable without any, and takes no receipts. */
  readonly credentials: string | null;
  /** Called when it changes, and at the start as soon as it is known. */
  readonly onState: (state: StoreState) => void;
  /**
   * Called with what an operator asks this host, if the store can carry questions: from anybody, and at most 2 KiB or so.
   * Never rejects. @returns the answer's text, at most 1 MB
   */
  readonly onQuestion: (question: string) => Promise<string>;
}

/** The store as a host sees it: it reads the list, and writes its own receipt. Nothing that the store does makes reading throw. */
export interface HostStore {
  /**
   * Publications: the one that is there, at once, and then each one that replaces it, pushed or polled for. A text that is
   * the same as the last one does not come again, and who reads slowly gets only the newest. A store that is away, is slow or
   * sends more than {@link MOST_PUBLICATION} is a state, told by `onState`; the driver tries again until the signal is aborted,
   * and waits longer between tries, up to half a minute, with some chance in it.
   */
  publications(signal: AbortSignal): AsyncIterable<string>;
  /**
   * Replaces this host's receipt. Whoever calls it tries again.
   * @throws Error whose message says why not: foreign text
   */
  acknowledge(receipt: HostReceipt): Promise<void>;
  close(): Promise<void>;
}

/** What the operator's machine keeps to write to the store. */
export interface OperatedStore {
  readonly address: StoreAddress;
  /** The driver's own: a folder, a key. Secret. */
  readonly settings: string;
}

/**
 * Changes {@link OperatedStore.settings} on this machine: a driver keeps there what the store must not forget. What is there may be of
 * another store, or newer than what the driver was opened with.
 * @param change what it throws is thrown @throws FILE_FAILED, FLEET_BROKEN
 */
export type ChangeSettings = (change: (settings: string) => string) => Promise<void>;

/** Characters of {@link OperatedStore.settings}, and of a host's credentials. */
export const MOST_SETTINGS = 2 * 1024 * 1024;
export const MOST_CREDENTIALS = 8 * 1024;

/**
 * What became of a host's credentials. "none": it has none that this machine has made; "unknown": it may have some, which this machine
 * does not know and the store has lost.
 */
export type Ended = "ended" | "none" | "unknown";

/** The store as the operator sees it. Every method may throw FLEET_STORE_FAILED, and gives up in time. */
export interface OperatorStore {
  /**
   * Replaces the publication, whole. Does not compare versions: the operator's machine does, before it signs. But of two machines
   * that publish the same version at the same moment, a store that several can write to refuses the second.
   * @param publication at most {@link MOST_PUBLICATION} bytes
   * @param version of its list
   * @param hosts the target `hosts.json`, for other operators; undefined: there are none
   */
  publish(publication: string, version: number, hosts?: string): Promise<void>;
  /** The publication as hosts get it; null: there is none. */
  published(): Promise<string | null>;
  /** What the last operator has published for the others; null: nothing. */
  publishedHosts(): Promise<string | null>;
  /** A change that waits for signatures, for the other operators; null: none any more. */
  propose(proposal: string | null): Promise<void>;
  /** What an operator has put there, or anybody who can write to the store; null: nothing. */
  proposed(): Promise<string | null>;
  /**
   * Receipts, in batches: first one with all that are there, perhaps empty, then those that are new, until the signal is
   * aborted. None that is written after the call is missed. Those that cannot be read are left out. null: the store takes none,
   * and receipts come over the operator's lines.
   * @param hosts whose receipts are wanted
   */
  receipts(hosts: readonly string[], signal: AbortSignal): AsyncIterable<readonly HostReceipt[]> | null;
  /**
   * Asks a host, which answers by {@link HostAccess.onQuestion}. null: the store carries no questions.
   * @param ms how long it waits for the answer
   * @returns from anybody, at most {@link MOST_ANSWER} characters
   */
  readonly ask: ((host: string, question: string, ms: number) => Promise<string>) | null;
  /**
   * Makes credentials for a host, instead of those that it had: it may read the publication and write its own receipt.
   * @returns at most {@link MOST_CREDENTIALS} characters, for {@link HostAccess.credentials}; null: none are needed
   */
  admit(host: string): Promise<string | null>;
  /** Ends the credentials of a host, and removes its receipt. */
  expel(host: string): Promise<Ended>;
  /**
   * Ends again what was ended before, if the store has lost that; and credentials of hosts that are not on the list any more.
   * @param hosts that are on the list @param isShared whether other operators' machines make credentials too
   * @returns how many credentials were valid again
   */
  endAgain(hosts: readonly string[], isShared: boolean): Promise<number>;
  /**
   * Whether what this machine writes gets to where hosts look. Absent: it cannot be another place.
   * @param hosts that have joined @returns what shows that it does not, in words
   */
  misplaced?(hosts: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}
