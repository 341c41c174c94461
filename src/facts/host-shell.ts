/** What src/host needs from the outside world. Implemented in src/system. */
import type { Foreign } from "../base/index.ts";

/** How a script on the host ended. */
export interface ScriptResult {
  readonly status: number;
  readonly stdout: string;
  /** Only for people: in the words of whatever ran there. */
  readonly stderr: Foreign;
}

/** Bytes for the host: of a program, say. */
export interface Payload {
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A root shell on the host: one connection, one script at a time, POSIX sh. */
export interface HostShell {
  /** The host's own address that this connection arrived at; null when local or not known. */
  readonly arrivedAt: string | null;
  /**
   * Runs a script in a subshell with empty standard input.
   * @param timeoutMs after which HOST_TIMEOUT is thrown; the script may still be running on the host
   * @throws HOST_CONNECTION_LOST when the connection ended before the script did
   */
  run(script: string, timeoutMs?: number): Promise<ScriptResult>;
  /**
   * Runs a script whose standard input is a payload. What the script leaves of it is thrown away.
   * @param timeoutMs as for {@link run}; the connection is given up with it, for nobody knows how much has arrived
   * @throws HOST_CONNECTION_LOST, HOST_TIMEOUT
   */
  send(script: string, payload: Payload, timeoutMs: number): Promise<ScriptResult>;
  /** Has the shell on the host run a command when it ends, however it ends: but not when the power does. */
  atEnd(command: string): void;
  /** Ends the connection; never throws. */
  close(): Promise<void>;
}
