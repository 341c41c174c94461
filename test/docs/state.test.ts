/** docs/reference/state.md lists every file that the code keeps, with its version; later versions are refused. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatRecord } from "../../src/app/approve/index.ts";
import { parseRecord } from "../../src/app/approve/invitation-record.ts";
import { formatSettings, parseSettings } from "../../src/app/renew/index.ts";
import {
  formatClients,
  formatInvitations,
  formatJobAccess,
  formatRenewal,
  parseClients,
  parseInvitations,
  parseJobAccess,
  parseRenewal,
} from "../../src/identity/index.ts";
import { formatRevocations, parseRevocations } from "../../src/identity/revocations-file.ts";
import { formatLine, LINE_FILES, parseLine } from "../../src/line/index.ts";
import { sampleLine } from "../support/sample-line.ts";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/reference/state.md"), "utf8");

/** Of other programs, or part of a release. */
const FOREIGN = new Set(["package.json", "daemon.json", "about.json"]);

const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter(
    (path) =>
      /^(?:system|line|identity|app\/renew|facts|host)\b.*\.ts$/.test(path) && !path.endsWith(".test.ts"),
  )
  .map((path) => readFileSync(join(ROOT, "src", path), "utf8"));

test("every JSON file that the code names is on the page", () => {
  const named = new Set(
    sources.flatMap((text) => [...text.matchAll(/["/`]([a-z][a-z.-]*\.json)["`]/g)].map((found) => found[1])),
  );
  const missing = [...named].filter((name = "") => !FOREIGN.has(name) && !page.includes(name));
  expect(named.size).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

test.each(LINE_FILES)("%s of a line is on the page", (name) => {
  expect(page).toContain(name);
});

const RENEWAL = {
  ...{ generation: 1, at: "2026-01-31T08:00:00.000Z", current: null, replaced: null, request: null },
  ...{ certificate: "", recoveries: [], copy: null, trusts: null },
};

const INVITED = {
  ...{ name: "bob@desk", role: "viewer", expires: null, proofKey: "0".repeat(64) },
  until: "2026-01-31T08:00:00.000Z",
};

const FILES: readonly [string, string, (text: string) => unknown][] = [
  ["line.json", formatLine(sampleLine()), (text) => parseLine(text, "f")],
  ["clients.json", formatClients([]), (text) => parseClients(text, "f")],
  ["clients.revoked.json", formatRevocations(new Map()), (text) => parseRevocations(text, "f")],
  ["invitations.json", formatInvitations([]), parseInvitations],
  ["renewals/KEY.json", formatRenewal(RENEWAL), parseRenewal],
  ["oidc.json", formatJobAccess({ trusts: [], passes: [] }), parseJobAccess],
  ["renew.json", formatSettings({ kind: "cron", lifeMs: 1, files: [] }), parseSettings],
  ["invited/….json", formatRecord(INVITED), parseRecord],
];

const resultOf = (read: (text: string) => unknown, text: string): string => {
  try {
    return JSON.stringify(read(text));
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as { why?: readonly string[] }).why?.join()}`;
  }
};

test.each(FILES)("%s has the version on the page, and a later one is refused", (name, text, read) => {
  const { version } = JSON.parse(text);
  expect(page).toMatch(new RegExp(`\\b${name}\` \\| ${version} \\|`));
  expect(resultOf(read, text)).not.toMatch(/problems|_BROKEN|NEWER/);
  const later = text.replace(/"version": ?\d/, `"version":${version + 1}`);
  expect(resultOf(read, later)).toMatch(/STATE_NEWER|needs a newer tetherdock/);
});
