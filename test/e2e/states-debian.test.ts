/** States of a host of the flavour debian, others every day: up, proven from outside, up again, down, exactly as before. */
import { test } from "vitest";
import { stateCases } from "../support/host-states.ts";
import { sampleBy } from "../support/sample.ts";
import { upAndDown } from "../support/up-and-down.ts";

const A_DAY = 6;

test.for(sampleBy("states of debian", stateCases("debian"), A_DAY))(
  "debian, %s: up, again, down",
  ([, given]) => upAndDown(given),
);
