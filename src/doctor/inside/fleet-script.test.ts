/** What the script prints of the file that a gateway keeps, and what is read of it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fleetFacts, keptFleet } from "../../../test/support/fleet/fleet-on-host.ts";
import { hostFacts, noGateway } from "../../../test/support/host-facts.ts";
import { sectionScript, splitSections } from "../../facts/index.ts";
import { fleetScript } from "./fleet-script.ts";
import { parseFleet } from "./parse-fleet.ts";

const folder = mkdtempSync(join(tmpdir(), "fleet-script-"));
const path = join(folder, "fleet.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const M = "inside-x";
function read(sections: string, facts = hostFacts({}, { gateway: noGateway })) {
  const all = splitSections(`${sections}\n${M} end\n`, M);
  return parseFleet(facts, (name) => all.find(({ words }) => words[0] === name)?.text ?? "");
}
function look(text: string) {
  writeFileSync(path, text);
  const script = `${sectionScript({ marker: M, maxFileBytes: 1024 })}${fleetScript({ gateway: noGateway }, path)}`;
  return read(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
}

test("the version and the end are read from what a gateway writes, and nothing else is printed", async () => {
  const { text, version, until } = await keptFleet();
  expect(look(text)).toEqual({ list: { version, until }, process: null });
});

test("also where the list needs several signatures, and has revocations beside it", async () => {
  const { text, version, until } = await keptFleet({ revocations: "{}", revoked: "{}" });
  expect(look(text)).toEqual({ list: { version, until }, process: null });
});

test.each([
  "",
  "{}",
  '{"version":3,"listVersion":1,"rootVersion":1,"until":1,',
  '{"version":2,"listVersion":1',
  '{"version":1,"listVersion":x',
])("of another file nothing is read: %j", (text) =>
  expect(look(text)).toEqual({ list: null, process: null }),
);

test("the process: how long it runs, how often it was started, what it said", () => {
  const facts = hostFacts({}, fleetFacts());
  const show =
    "ActiveState=active\nNRestarts=2\nActiveEnterTimestampMonotonic=5000000\nUptime=65.43 99.00\nStoreAge=7\n";
  const sections = (text: string) =>
    `\n${M} fleet-process\n${text}\n${M} fleet-said-store\nthe store is lost: 'x'\n\n${M} fleet-said-list\n\n${M} fleet-said-receipts\nno receipt: 'y'\n`;
  const store = { said: { store: "the store is lost: 'x'", list: "", receipts: "no receipt: 'y'" } };
  expect(read(sections(show), facts).process).toEqual({
    state: "active",
    restarts: 2,
    upS: 60,
    storeAgeS: 7,
    ...store,
  });
  const never = "ActiveState=activating\nNRestarts=7\nActiveEnterTimestampMonotonic=0\nUptime=65.43 99.00\n";
  expect(read(sections(never), facts).process).toMatchObject({ restarts: 7, upS: null });
  expect(read("", facts).process).toMatchObject({
    state: "inactive",
    restarts: 0,
    upS: null,
    storeAgeS: null,
  });
});
