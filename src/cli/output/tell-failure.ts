/** A failure beside the result of a command: the result is printed all the same, and the exit status is the failure's. */
import type { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { reportError } from "./report-error.ts";
import { createStyle } from "./style.ts";

export function tellFailure(context: Context, failure: TetherdockError): void {
  const { stderr, terminal } = context;
  stderr.lines(reportError(failure, createStyle(terminal.colour.stderr)).lines);
  context.setExitStatus(failure.exitStatus);
}
