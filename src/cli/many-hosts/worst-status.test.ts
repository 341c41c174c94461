import { expect, test } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import { worstStatus } from "./worst-status.ts";

test.each([
  [[], 0],
  [["SSH_TIMEOUT"], 3],
  [["SSH_TIMEOUT", "HOST_UNDO_FAILED", "NOT_PROVEN"], 5],
  [["GATEWAY_UNREACHABLE", "NOT_PROVEN", "LINE_JOINED"], 4],
  [["HOST_UNDO_FAILED", "INTERRUPTED", "SSH_TIMEOUT"], 130],
] as const)("of the failures %j, the worst decides: %i", (codes, status) => {
  const failures = codes.map((code) => new TetherdockError(code, "x"));
  expect(worstStatus(failures.map(({ exitStatus }) => exitStatus))).toBe(status);
});
