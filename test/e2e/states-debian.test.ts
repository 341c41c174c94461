/** Every state of a host of the flavour debian: up, proven from outside, up again, down, exactly as before. */
import { test } from "vitest";
import { stateCases } from "../support/host-states.ts";
import { upAndDown } from "../support/up-and-down.ts";

test.for(stateCases("debian"))("debian, %s: up, again, down", ([, given]) => upAndDown(given));
