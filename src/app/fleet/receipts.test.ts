/** Whose receipts are waited for, and why. */
import { expect, test } from "vitest";
import { accepted, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { TetherdockError } from "../../base/index.ts";
import type { HostResult } from "./push-list.ts";
import { awaited, Receipts } from "./receipts.ts";

const kept = { ...(await accepted(null, signNext(null, makeOperator(), fleetList()))), revoked: [] };
const none = new Receipts({
  name: "acme",
  kept,
  operatorKey: "",
  ca: { certificate: "", privateKey: "" },
  store: null,
});

const failed = (
  host: string,
  code: "LINE_UNKNOWN" | "GATEWAY_REFUSED" | "GATEWAY_UNREACHABLE",
): HostResult => ({
  host,
  error: new TetherdockError(code, "no"),
});

test("a host that this machine has no line to is not called unreachable, nor is one that refuses the list", () => {
  const many = ["a", "b", "c", "d", "e", "f"].map((host) => failed(host, "LINE_UNKNOWN"));
  expect(awaited([...many, failed("g", "GATEWAY_REFUSED"), failed("h", "GATEWAY_UNREACHABLE")], none)).toBe(
    "no line to a, b, c, d, e, …; refused over the line by g; cannot reach h",
  );
  expect(awaited([{ host: "a", fleet: null, receipt: null }], none)).toBeNull();
});
