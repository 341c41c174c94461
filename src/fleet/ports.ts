/** The port that keeps the fleets of an operator. Implemented in src/system/files. */
import type { StoredAuthority } from "../pki/index.ts";
import type { KeptFleet } from "./kept-fleet.ts";
import type { OperatedStore } from "./store/ports.ts";

/** A fleet that this machine operates. */
export interface OperatedFleet {
  readonly name: string;
  /** What was published last. */
  readonly kept: KeptFleet;
  /** Of this machine's operator: Ed25519, PKCS#8, PEM. If it is encrypted, its public half is in front of it. */
  readonly operatorKey: string;
  /** Is to replace it, once a version that names it is published; undefined: none is. */
  readonly nextKey?: string | undefined;
  /** Signs certificates for the fleet's clients. */
  readonly ca: StoredAuthority;
  /** null: hosts get the list over the operator's lines only. */
  readonly store: OperatedStore | null;
}

/** The fleets that this machine operates. Every method may throw FILE_FAILED. */
export interface FleetFolders {
  /** Names, sorted. */
  list(): Promise<readonly string[]>;
  /** @throws FLEET_BROKEN */
  read(name: string): Promise<OperatedFleet>;
  /** @throws FLEET_EXISTS */
  create(fleet: OperatedFleet): Promise<void>;
  /** @param nextKey null: none is to replace it any more */
  setOperatorKey(name: string, operatorKey: string, nextKey: string | null): Promise<void>;
  /** The key of a future operator, of a fleet that this machine does not have yet. Makes one if there is none. */
  futureKey(name: string): Promise<string>;
  /** The fleet has it now. */
  forgetFutureKey(name: string): Promise<void>;
  /** Keeps how to write to the fleet's store. @param store null: there is none any more */
  setStore(name: string, store: OperatedStore | null): Promise<void>;
  /** See {@link ChangeSettings}. Of two commands at once, neither undoes what the other keeps. */
  changeSettings(name: string, change: (settings: string) => string): Promise<void>;
  /** A change that waits for signatures of other operators; null: there is none. */
  proposal(name: string): Promise<string | null>;
  setProposal(name: string, proposal: string | null): Promise<void>;
  /** Keeps the next version of the list. @throws FLEET_CONFLICT: somebody else has published that version */
  publish(name: string, kept: KeptFleet): Promise<void>;
}
