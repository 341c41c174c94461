/** What the user wants of a host, resolved: the other input of a plan beside the facts. */
import type { San } from "../../pki/index.ts";

export interface Wish {
  /** TCP port that dockerd is to listen on. */
  readonly port: number;
  /** Names and addresses that the server certificate must have: no more and no fewer. */
  readonly names: readonly San[];
  /** The line's CA certificate, PEM. */
  readonly ca: string;
  /** Whether someone else's TLS setup may be replaced, which locks its clients out. */
  readonly replaceTls: boolean;
  /** Whether the daemon must be restarted even if no file changes: what it serves is not what the files say. */
  readonly forceRestart: boolean;
  /** Ports of the API that answered a plain request from outside. */
  readonly plainPorts: ReadonlySet<number>;
  /** The laptop's time, milliseconds since the epoch. */
  readonly now: number;
}
