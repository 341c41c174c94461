import { expect, test } from "vitest";
import { isAdminTarget } from "./admin-port.ts";

test.each([
  ["/tetherdock", true],
  ["/tetherdock/", true],
  ["/tetherdock/v1/status", true],
  ["/tetherdock/../containers/json", true],
  ["/tetherdockx", false],
  ["/v1.41/tetherdock/v1/status", false],
  ["/containers/tetherdock/json", false],
  ["//tetherdock/v1/status", false],
])("%s is a call of the admin API: %s", (target, expected) => {
  expect(isAdminTarget(target)).toBe(expected);
});
