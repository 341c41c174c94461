/** What a hostile gateway says reaches the terminal as text, never as orders, and never as words of ours. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EVIL, type HostileGateway, OBEYED, startHostileGateway } from "./hostile-gateway.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const API = "/tetherdock/v1/";
let stage: LaptopStage;
let gateway: HostileGateway;

beforeAll(async () => {
  stage = makeLaptopStage();
  const certificates = makeCertificates(100);
  gateway = await startHostileGateway(certificates);
  writeSampleLine(stage.home, "evil", certificates, {
    ...{ mode: "gateway", address: "127.0.0.1", port: gateway.port },
  });
});
afterAll(async () => {
  await gateway?.close();
  stage.remove();
});
beforeEach(() => {
  gateway.answers = {};
});

/** Runs a command and holds its output to the rule. */
async function tetherdock(...args: string[]) {
  const ran = await stage.run("tetherdock", ...args);
  const all = `${ran.stdout}${ran.stderr}`;
  expect(OBEYED.exec(all)?.[0], all).toBe(undefined);
  expect(all).not.toContain("a bug in tetherdock");
  return ran;
}

const session = { id: EVIL, client: EVIL, address: EVIL, since: 1, requests: 1, operation: EVIL };
const client = { name: EVIL, fingerprint: EVIL, role: EVIL, state: EVIL, expires: EVIL };
const status = { version: EVIL, connections: 1, audit: EVIL, problems: [EVIL] };
const verification = {
  ok: false,
  records: 1,
  files: 1,
  seal: EVIL,
  problems: [{ file: EVIL, line: 1, what: EVIL }],
};
const record = {
  time: 1,
  event: EVIL,
  connection: EVIL,
  client: EVIL,
  fingerprint: EVIL,
  address: EVIL,
  request: 1,
  operation: EVIL,
  method: EVIL,
  target: EVIL,
  decision: EVIL,
  rule: EVIL,
  status: 200,
  bytesIn: 1,
  bytesOut: 1,
  durationMs: 1,
  error: EVIL,
};
const COMMANDS: readonly (readonly [path: string, ...args: string[]])[] = [
  ["status", "gateway", "status", "evil"],
  ["sessions", "gateway", "sessions", "evil"],
  ["clients", "client", "ls", "--line", "evil"],
  ["clients", "client", "revoke", "--line", "evil", "anna@laptop"],
  ["audit", "audit", "evil"],
  ["audit/verify", "audit", "verify", "evil"],
  ["reload", "gateway", "reload", "evil"],
];
const GOOD: Record<string, unknown> = {
  status,
  sessions: { sessions: [session] },
  clients: { clients: [client] },
  audit: record,
  "audit/verify": verification,
  reload: {},
};

describe.each(COMMANDS)("/%s", (path, ...args) => {
  const asked = path === "audit" ? "audit?" : path;
  test.each([[args], [[...args, "--json"]]])("shows planted text visibly: %j", async (words) => {
    if (words.includes("--json") && (path === "reload" || words.includes("revoke"))) return;
    gateway.answers = { [API + asked]: { body: JSON.stringify(GOOD[path]) } };
    await tetherdock(...words);
  });

  test("shows a planted refusal in one line, in quotation marks", async () => {
    gateway.answers = { [API + asked]: { status: 400, body: JSON.stringify({ message: EVIL }) } };
    const { stderr } = await tetherdock(...args);
    expect(stderr).toMatch(/^tetherdock: error: .*"x\\x1b\]52.*"$/m);
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["null", "null"],
    ["a list", "[]"],
    ["an empty object", "{}"],
    ["other types", JSON.stringify({ version: 1, clients: 7, sessions: {}, problems: "x", ok: "yes" })],
    ["wrong items", JSON.stringify({ clients: [null], sessions: [7], problems: [{}], ok: false })],
    ["deep nesting", "[".repeat(100_000) + "]".repeat(100_000)],
  ])("does not report an internal error when it answers %s", async (_, body) => {
    gateway.answers = { [API + asked]: { body } };
    await tetherdock(...args);
  });

  test("stops reading an endless answer", async () => {
    gateway.answers = { [API + asked]: "endless" };
    const { stderr, status } = await tetherdock(...args);
    expect(stderr).toContain("tetherdock: error: ");
    expect(status).not.toBe(0);
  }, 20_000);
});

test("a revocation whose connections stay open has exit status 1, and names what shows them", async () => {
  const anna = {
    name: "anna@laptop",
    fingerprint: "a".repeat(64),
    role: "viewer",
    state: "active",
    expires: null,
  };
  const cut = [
    {
      id: "1",
      client: "anna@laptop",
      address: "192.0.2.7",
      since: 1,
      requests: 1,
      operation: null,
      target: null,
    },
  ];
  gateway.answers = {
    [`${API}clients`]: { body: JSON.stringify({ clients: [anna] }) },
    [`${API}clients/anna%40laptop/`]: { body: JSON.stringify({ receipt: { cut, open: 1, tookMs: 2000 } }) },
  };
  const { status, stderr } = await tetherdock("client", "revoke", "--line", "evil", "anna@laptop");
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("1 connection that should be closed is still open"),
  ]);
  expect(stderr).toContain("try: tetherdock gateway sessions evil");
});

test("status and doctor show planted text of an engine visibly", async () => {
  const version = { Version: EVIL, ApiVersion: EVIL, Os: EVIL, Arch: EVIL };
  gateway.answers = { "/version": { body: JSON.stringify(version) }, "/_ping": { body: EVIL } };
  await tetherdock("status", "evil");
  await tetherdock("status", "evil", "--json");
  await tetherdock("doctor", "evil", "--no-ssh");
  await tetherdock("topology", "evil", "--no-ssh");
});
