/** What the user wants of a host, resolved: the other input of a plan beside the facts. */
import type { San } from "../../pki/index.ts";
import type { ProgramFile } from "./change.ts";

/** What gateway mode needs beside what every mode needs. */
export interface GatewayWish {
  /** The program and the libraries that go with it. */
  readonly programs: readonly ProgramFile[];
  /** clients.json as it is to be. */
  readonly clients: string;
}

export interface Wish {
  /** TCP port that the engine is to answer on. */
  readonly port: number;
  /** Names and addresses that the server certificate must have: no more and no fewer. */
  readonly names: readonly San[];
  /** The line's CA certificate, PEM. */
  readonly ca: string;
  /** Whether someone else's TLS setup may be replaced, which locks its clients out. */
  readonly replaceTls: boolean;
  /** Whether who serves must be restarted even if no file changes: what it serves is not what the files say. */
  readonly forceRestart: boolean;
  /** Null: dockerd listens itself. */
  readonly gateway: GatewayWish | null;
  /** Ports of the API that answered a plain request from outside. */
  readonly plainPorts: ReadonlySet<number>;
  /** The laptop's time, milliseconds since the epoch. */
  readonly now: number;
}
