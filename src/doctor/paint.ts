/** How text is coloured; chosen by the code that knows the terminal. Colours repeat what the text says. */

type Dress = (text: string) => string;

/** Functions that style a text without changing its width. */
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
