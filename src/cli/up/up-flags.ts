/** Options of `up`. */
export interface UpFlags {
  readonly name: string | undefined;
  readonly port: number | undefined;
  readonly address: string | undefined;
  readonly san: readonly string[] | undefined;
  readonly dropSan: readonly string[] | undefined;
  readonly acceptHost: string | undefined;
  readonly local: boolean;
  readonly gateway: boolean;
  readonly native: boolean;
  readonly replaceTls: boolean;
  readonly encryptCaKey: boolean;
  readonly confirmWithin: number;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}
