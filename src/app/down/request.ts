/** What is asked of a `down`: the options of the command, whoever gives them. */

/** @see src/cli/down/flags.ts for what each of them means to the user */
export interface DownRequest {
  /** A line's name or an ssh destination; undefined: $TETHERDOCK_LINE, the default line or the only one. */
  readonly argument: string | undefined;
  readonly local: boolean;
  readonly acceptHost: string | undefined;
  readonly force: boolean;
  readonly reopen: boolean;
  readonly forget: boolean;
  /** The plan is accepted beforehand, or the loss of the line's keys with `forget`. Who a host is, it does not answer. */
  readonly yes: boolean;
  readonly dryRun: boolean;
}
