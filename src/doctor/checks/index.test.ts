/** Every check is unique, registered, in a file of its own, and stated as a fact. */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { hostFacts, runningGateway } from "../../../test/support/host-facts.ts";
import { all, at, line, served } from "../../../test/support/outside-stage.ts";
import { closedEndpoint, inside, NOT_LISTED, subject } from "../../../test/support/subject.ts";
import { GATEWAY_SOCKET, GATEWAY_SOCKET_FILE } from "../../facts/index.ts";
import { type Check, runChecks } from "../check.ts";
import type { Subject } from "../subject.ts";
import { CHECKS } from "./index.ts";

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && basename(path) !== "index.ts")
  .sort();

function isCheck(value: unknown): value is Check {
  return typeof value === "object" && value !== null && "states" in value && "run" in value;
}

async function checksOf(file: string): Promise<Check[]> {
  return Object.values((await import(new URL(file, import.meta.url).href)) as Record<string, unknown>).filter(
    isCheck,
  );
}

test("ids are unique, in kebab case, and name a docs page", () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
});

test.for(files)("%s: its check has its name and is registered", async (file) => {
  const found = await checksOf(file);
  // a helper that several checks share exports none
  for (const check of found) {
    expect(check.id).toBe(basename(file, ".ts"));
    expect(CHECKS).toContain(check);
  }
});

test("every registered check has a file of its own", async () => {
  const found = (await Promise.all(files.map(checksOf))).flat();
  expect(found.map(({ id }) => id).sort()).toEqual(CHECKS.map(({ id }) => id).sort());
});

test.for(CHECKS.map((check) => [check.id, check] as const))("%s is stated as a fact", ([, check]) => {
  expect(check.states).not.toMatch(/\b(should|must|shall|ought|may)\b/i);
  for (const text of [check.states, check.consequence]) {
    expect(text).not.toMatch(/\.$|\n/);
    expect(text.length).toBeGreaterThan(15);
  }
  expect(check.reference).not.toBe("");
  expect(check.needs.length).toBeGreaterThan(0);
});

const failed = (given: Subject) =>
  runChecks(CHECKS, given).flatMap(({ check, outcome }) => (outcome === "failed" ? [check.id] : []));
const skipped = (given: Subject) =>
  runChecks(CHECKS, given).flatMap(({ check, outcome }) => (outcome === "skipped" ? [check.id] : []));

/** The host as `up --gateway` leaves it: systemd and the gateway on TCP, dockerd on its local socket only. */
const gatewayHost = () => {
  const socket = { pid: 1, command: "systemd", unit: GATEWAY_SOCKET };
  const { listeners, ...rest } = inside();
  return inside({
    ...rest,
    facts: hostFacts(
      {},
      {
        engine: { version: "29.9.0", liveRestore: false },
        gateway: runningGateway,
        ours: {
          publicKey: null,
          files: new Map([
            [GATEWAY_SOCKET_FILE, { path: GATEWAY_SOCKET_FILE, mode: "644", owner: "0:0", text: "" }],
          ]),
        },
      },
    ),
    listeners: [
      { address: "[::]:2376", port: 2376, holders: [socket] },
      ...listeners.filter(({ port }) => port === null),
    ],
  });
};

describe("a healthy host fails no check", () => {
  test("without a line", () => expect(failed(subject())).toEqual([]));

  test("with a native line, and all checks run except the gateway's", () => {
    const given = subject({ line, endpoints: [at({}), closedEndpoint()] });
    expect(failed(given)).toEqual([]);
    expect(skipped(given)).toEqual([]);
    expect(runChecks(CHECKS, given).map(({ check }) => check.id)).not.toContain("unlisted-admitted");
  });

  test("with a gateway line, and all checks run", () => {
    const given = subject({
      line: { ...line, mode: "gateway" },
      inside: gatewayHost(),
      endpoints: [at({ unlisted: NOT_LISTED }), closedEndpoint()],
    });
    expect(failed(given)).toEqual([]);
    expect(skipped(given)).toEqual([]);
  });

  test("with a native line that admits every certificate of its CA", () => {
    const given = subject({ line, endpoints: [at({ unlisted: served() }), closedEndpoint()] });
    expect(failed(given)).toEqual([]);
  });
});

test("a check whose facts are missing is skipped, without findings", () => {
  const given = subject({ inside: null, insideMissing: "no ssh", endpoints: [at(all(served()))] });
  const inside = CHECKS.filter(({ needs }) => needs.includes("inside"));
  expect(inside.flatMap((check) => check.run(given))).toEqual([]);
  expect(runChecks(inside, given).every(({ outcome }) => outcome === "skipped")).toBe(true);
});
