/** What src/host needs from the outside world. Implemented in src/system. */

/** How a script on the host ended. */
export interface ScriptResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
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
  /** Ends the connection; never throws. */
  close(): Promise<void>;
}
