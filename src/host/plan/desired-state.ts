/** The user's request for a host, resolved: the other input of a plan besides the facts. */
import type { San } from "../../pki/index.ts";
import type { ProgramFile } from "./change.ts";

/** What gateway mode needs in addition. */
export interface DesiredGateway {
  /** The program and the libraries that go with it. */
  readonly programs: readonly ProgramFile[];
  /** The new clients.json. */
  readonly clients: string;
}

export interface DesiredState {
  /** TCP port for the engine. */
  readonly port: number;
  /** The exact names and addresses for the server certificate. */
  readonly names: readonly San[];
  /** The host's `ca.pem`: the line's CA comes first. */
  readonly ca: string;
  /** Why the host's is written if it differs; null: for no reason of its own. */
  readonly caReason: string | null;
  /** Whether it is written in any case: a dry run may not be able to sign the new one. */
  readonly isCaMade: boolean;
  /** Whether to replace somebody else's TLS setup, which locks its clients out. */
  readonly replaceTls: boolean;
  /** Whether to restart the server even if no file changes, because it does not serve what the files say. */
  readonly forceRestart: boolean;
  /** Null: dockerd listens itself. */
  readonly gateway: DesiredGateway | null;
  /** Ports of the API that answered a plain request from outside. */
  readonly plainPorts: ReadonlySet<number>;
  /** The laptop's time, milliseconds since the epoch. */
  readonly now: number;
}
