/** Options of `down`. */
export interface DownFlags {
  readonly acceptHost: string | undefined;
  readonly local: boolean;
  readonly force: boolean;
  readonly reopen: boolean;
  readonly forget: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}
