/** The port through which src/host reaches a host. Implemented in src/system. */
import type { Foreign } from "../base/index.ts";

/** The result of a script on the host. */
export interface ScriptResult {
  readonly status: number;
  readonly stdout: string;
  /** Only for people: messages of the programs that ran. */
  readonly stderr: Foreign;
}

/** Bytes to send to the host, for example a program. */
export interface Payload {
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A root shell on the host: one connection, one script at a time, POSIX sh. */
export interface HostShell {
  /** The host's own address that this connection arrived at; null if local or unknown. */
  readonly arrivedAt: string | null;
  /**
   * Runs a script in a subshell with empty standard input.
   * @param timeoutMs after this time it throws HOST_TIMEOUT; the script may still be running on the host
   * @throws HOST_CONNECTION_LOST when the connection ended before the script did
   */
  run(script: string, timeoutMs?: number): Promise<ScriptResult>;
  /**
   * Runs a script whose standard input is a payload. What the script does not read is discarded.
   * @param timeoutMs as for {@link run}; a timeout also closes the connection, because nobody knows how much has
   *   arrived
   * @throws HOST_CONNECTION_LOST, HOST_TIMEOUT
   */
  send(script: string, payload: Payload, timeoutMs: number): Promise<ScriptResult>;
  /** Makes the shell on the host run a command when it ends for any reason except a power failure or SIGKILL. */
  atEnd(command: string): void;
  /** Ends the connection; never throws. */
  close(): Promise<void>;
}
