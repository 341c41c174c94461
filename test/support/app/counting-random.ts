/** Predictable random numbers: each is one more than the previous one. */
import type { RandomPort } from "../../../src/app/host/index.ts";

export function countingRandom(): RandomPort {
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return drawn;
  };
  return {
    uuid: () => `uuid-${draw()}`,
    hex: (bytes) =>
      draw()
        .toString(16)
        .padStart(bytes * 2, "0"),
  };
}
