/** Every state of a host of the flavour debian: up, proven from outside, up again, down, exactly as before. */
import { test } from "vitest";
import { passagesOf } from "../support/passages.ts";
import { upAndDown } from "../support/up-and-down.ts";

test.for(passagesOf("debian"))("debian, %s: up, again, down", ([, passage]) => upAndDown(passage));
