/** How text is dressed: given by whoever knows the terminal. Nothing is said by colour alone. */

type Dress = (text: string) => string;

/** Functions that dress a text without changing its width. */
export interface Paint {
  readonly bold: Dress;
  readonly dim: Dress;
  readonly red: Dress;
  readonly green: Dress;
  readonly yellow: Dress;
}

const same: Dress = (text) => text;

/** No colours: for files, pipes and tests. */
export const PLAIN: Paint = { bold: same, dim: same, red: same, green: same, yellow: same };
