/** The docker CLI's daily life over a line to a host of flavour coreos. */
import { describeLife } from "../support/life/life.ts";

describeLife("coreos");
