/** The docker CLI's daily life over a line to a host of flavour coreos. In an ordinary run in one way: life-debian has them all. */
import { describeLife } from "../support/life/life.ts";
import { evaluated } from "../support/life/ways.ts";
import { everything } from "../support/sample.ts";

describeLife("coreos", everything ? {} : { by: [evaluated], heavy: [evaluated] });
