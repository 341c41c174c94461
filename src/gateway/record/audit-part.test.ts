import { expect, test } from "vitest";
import { findOperation } from "../../engine/index.ts";
import { auditPartOf } from "./audit-part.ts";

test.each([
  ["GET", "/containers/json", "reads"],
  ["GET", "/containers/web/logs?stdout=1", "reads"],
  ["GET", "/containers/web/archive?path=/", "actions"],
  ["GET", "/secrets", "actions"],
  ["POST", "/containers/create", "actions"],
  ["GET", "/tetherdock/v1/clients", "reads"],
  ["PUT", "/tetherdock/v1/clients/ben", "actions"],
  ["GET", "/nothing/known", "actions"],
])("%s %s is kept with the %s", (method, target, part) => {
  expect(auditPartOf({ method, target, call: findOperation(method, target) })).toBe(part);
});
