/** The docker CLI's daily life over a line that a gateway serves: on a host without any interpreter. */
import { describeLife } from "../support/life/life.ts";
import { evaluated } from "../support/life/ways.ts";

describeLife("coreos", { mode: "gateway", by: [evaluated], heavy: [evaluated] });
