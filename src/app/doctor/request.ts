/** What is asked of a visit: the options of `doctor` and `topology`, whoever gives them. */
export interface VisitRequest {
  /** Lines, ssh destinations, endpoints; none: $TETHERDOCK_LINE, the default line or the only one. */
  readonly words: readonly string[];
  /** This machine as well. */
  readonly local: boolean;
  /** True: failing to get in is an error; false: do not try; undefined: failing skips the checks that need it. */
  readonly ssh: boolean | undefined;
  /** Ports beside the usual ones. */
  readonly ports: readonly number[];
}

/** What is asked of `doctor` about several targets, each visited on its own. */
export interface ManyRequest extends VisitRequest {
  /** The hosts of all lines. */
  readonly allLines: boolean;
  /** The hosts of this fleet, also those to which there is no line. */
  readonly fleet: string | undefined;
  /** How many at a time. With more than one, nothing asks. */
  readonly atOnce: number;
}
