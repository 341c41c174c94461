/** Options of `doctor`. */
export interface DoctorFlags {
  /** Undefined: where there is a way in, and not having it is no failure. */
  readonly ssh: boolean | undefined;
  readonly local: boolean;
  readonly port: readonly number[] | undefined;
  readonly allLines: boolean;
  readonly fleet: string | undefined;
  /** Undefined: named targets are inspected one after the other, and probed together. */
  readonly atOnce: number | undefined;
  readonly all: boolean;
  readonly fix: boolean;
  readonly json: boolean;
  readonly sarif: boolean;
}
