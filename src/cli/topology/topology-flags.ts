/** Options of `topology`. */
export interface TopologyFlags {
  readonly matrix: boolean;
  readonly ascii: boolean;
  readonly svg: boolean;
  readonly mermaid: boolean;
  readonly json: boolean;
  readonly local: boolean;
  /** Undefined: where there is a way in, and not having it is no failure. */
  readonly ssh: boolean | undefined;
}
