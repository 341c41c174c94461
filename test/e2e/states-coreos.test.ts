/** Every state of a host of the flavour coreos: up, proven from outside, up again, down, exactly as before. */
import { test } from "vitest";
import { passagesOf } from "../support/passages.ts";
import { upAndDown } from "../support/up-and-down.ts";

test.for(passagesOf("coreos"))("coreos, %s: up, again, down", ([, passage]) => upAndDown(passage));
