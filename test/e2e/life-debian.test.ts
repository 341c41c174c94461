/** The docker CLI's daily life over a line to a host of flavour debian; newer CLIs too. */
import { describeLife } from "../support/life/life.ts";
import { newerWays, ways } from "../support/life/ways.ts";

describeLife("debian", { by: [...ways, ...newerWays] });
