/** What `agent start` and `agent stop` need of the outside. */

/** An agent, as it answers for a line. */
export interface AgentState {
  readonly line: string;
  readonly pid: number;
}

export interface AgentLifePorts {
  /** Whether systemd listens on this line's socket, and no agent runs: asking would start one. */
  isAsleep(line: string): Promise<boolean>;
  /** @returns undefined: no agent serves it */
  ask(line: string): Promise<AgentState | undefined>;
  /** Has the agent end that serves this line. @returns undefined: it has not */
  stop(line: string): Promise<AgentState | undefined>;
  /**
   * Starts an agent in the background, and waits until these lines are served.
   * @param names to serve; empty: all lines, also those that are set up later
   * @returns what it said, if it has ended; null: it runs
   * @throws PROMPT_IMPOSSIBLE, FILE_FAILED
   */
  launch(names: readonly string[], lines: readonly string[]): Promise<string | null>;
}
