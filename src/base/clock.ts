/** Time as a port, so that tests of lifetimes do not have to wait. */

/** @returns milliseconds since the Unix epoch. */
export type Clock = () => number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
