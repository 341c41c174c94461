/** The few colours used. Only weight and hue: nothing is said by colour alone. */

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** Functions that dress a text. */
export type Style = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** @param colour false: every function returns its text as it is */
export function createStyle(colour: boolean): Style {
  const dress =
    ([open, close]: readonly [number, number]) =>
    (text: string): string =>
      colour ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: dress(CODES.bold),
    dim: dress(CODES.dim),
    red: dress(CODES.red),
    green: dress(CODES.green),
    yellow: dress(CODES.yellow),
  };
}

/**
 * Whether a stream may be coloured: a terminal that is not "dumb", and NO_COLOR unset or empty
 * (no-color.org).
 */
export function allowsColour(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
