/** States of a host of the flavour upstream, others every day: up, proven from outside, up again, down, exactly as before. */
import { test } from "vitest";
import { stateCases } from "../support/host-states.ts";
import { sampleBy } from "../support/sample.ts";
import { upAndDown } from "../support/up-and-down.ts";

const A_DAY = 6;

test.for(sampleBy("states of upstream", stateCases("upstream"), A_DAY))(
  "upstream, %s: up, again, down",
  ([, given]) => upAndDown(given),
);
