import { expect, test } from "vitest";
import { daemonJson } from "../../../test/support/host-facts.ts";
import { readDaemonJson } from "./daemon-json.ts";

const MARKED = '\uFEFF{"hosts": []}';
const OK = "configuration OK";

test("a byte order mark is accepted if this dockerd accepts it, and reported if not (moby#44777)", () => {
  expect(readDaemonJson(daemonJson(MARKED, OK))).toEqual({ ok: true, value: { hosts: [] } });
  const why = expect.stringContaining("byte order mark");
  expect(readDaemonJson(daemonJson(MARKED))).toEqual({ ok: false, why });
  expect(readDaemonJson(daemonJson(MARKED, "invalid character 'ï'"))).toEqual({ ok: false, why });
});

test("invalid JSON is reported with its place; an empty file has no settings", () => {
  expect(readDaemonJson(daemonJson('{\n  "hosts": [\n'))).toMatchObject({ ok: false });
  expect(readDaemonJson(daemonJson("[]"))).toEqual({ ok: false, why: "it is not an object" });
  expect(readDaemonJson(daemonJson(" \n"))).toEqual({ ok: true, value: {} });
});
