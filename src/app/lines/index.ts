export { caEnding, caWindow } from "./ca-end.ts";
export { openLineCa, readCaKey, readLineFileIfThere, requireCaKey } from "./ca-key.ts";
export { type DockerEnvironment, type LostContext, overrideOf, withoutContext } from "./engine-in-use.ts";
export { dueWithCa, expiryWarning, renewalDue } from "./expiry.ts";
export {
  type LineContext,
  type LinePorts,
  listLineContexts,
  refreshContextsOf,
  writeLineContext,
} from "./line-contexts.ts";
export { type LineEnvironment, lineEnvironment } from "./line-environment.ts";
export { lineOption } from "./line-option.ts";
export { chooseDefault, pickLine, type SelectionPorts } from "./pick-line.ts";
export { findLines, type LeaveOut, readableLines, type UnreadLine } from "./read-lines.ts";
export { type ContextRemoved, contextsOf, lostContext, removeContext } from "./remove-context.ts";
