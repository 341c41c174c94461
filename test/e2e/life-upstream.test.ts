/** The docker CLI's daily life over a line to a host of flavour upstream. */
import { describeLife } from "../support/life/life.ts";

describeLife("upstream");
