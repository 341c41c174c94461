/** Which log is read, and how. */
import { describe, expect, onTestFinished, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { AuditVerification } from "../../audit/index.ts";
import { requireIntact, showRecords, verifyRecords } from "./audit.ts";
import type { AuditPorts, RecordQuery } from "./ports.ts";

const INTACT: AuditVerification = {
  ...{ ok: true, complete: true, files: 1, records: 2, seal: "ab", parts: [], problems: [] },
};

let onHost = true;

function stage(...names: string[]) {
  const gateway = new FakeGateway();
  gateway.records = ["of the line"];
  gateway.answers.set("audit/files", { files: [] });
  gateway.answers.set("audit/verify", INTACT);
  gateway.answers.set("audit/verify?seal=abc", { ...INTACT, records: 3 });
  const lines = new MemoryLines();
  for (const name of names) lines.keep(sampleLine({ name }));
  const env: Record<string, string> = {};
  const seals: (string | undefined)[] = [];
  const ports: AuditPorts = {
    ...{ gateway, lines, env, isThere: async () => onHost },
    ...{ clock: () => 0, pause: async () => {}, onFollowed: () => {} },
    folder: (path) => ({
      records: async function* () {
        yield `in ${path}`;
      },
      newest: async () => 0,
      verify: async (seal) => {
        seals.push(seal);
        return { ...INTACT, seal: path };
      },
    }),
  };
  return { ports, gateway, env, seals };
}

const all: RecordQuery = { follow: false, signal: new AbortController().signal };
async function shown(ports: AuditPorts, place: { folder?: string; line?: string } = {}, query = all) {
  const records: string[] = [];
  // A log that is followed has one answer.
  const over = new AbortController();
  const once = { ...ports, pause: async () => over.abort() };
  const wanted = query.follow ? { ...query, signal: over.signal } : query;
  for await (const record of showRecords(once, { folder: undefined, line: undefined, ...place }, wanted))
    records.push(record);
  return records.join();
}

describe("audit reads", () => {
  test("the log of a line that is named, selected, or the only one", async () => {
    const { ports, gateway } = stage("web");
    for (const line of ["web", undefined])
      expect(await shown(ports, line ? { line } : {})).toBe("of the line");
    expect(gateway.calls.map(({ line, path }) => [line, path])).toEqual([
      ["web", "audit?"],
      ["web", "audit?"],
    ]);
  });
  test("this host's own log if there are no lines", async () => {
    expect(await shown(stage().ports)).toBe("in /var/log/tetherdock-gateway");
  });
  test("no log if the named line is unknown, even on a gateway's host", async () => {
    expect((await failureOf(shown(stage().ports, { line: "gone" }))).code).toBe("LINE_UNKNOWN");
  });
  test("no log if $TETHERDOCK_LINE names an unknown line", async () => {
    const { ports, env } = stage();
    env["TETHERDOCK_LINE"] = "gone";
    expect((await failureOf(shown(ports))).code).toBe("LINE_UNKNOWN");
  });
  test("the log in a directory, and refuses a directory together with a line", async () => {
    const { ports } = stage("web");
    expect(await shown(ports, { folder: "/copy" })).toBe("in /copy");
    expect(await failureOf(shown(ports, { folder: "/a copy", line: "web" }))).toMatchObject({
      code: "USAGE",
      hints: ["tetherdock audit --directory '/a copy'", "tetherdock audit web"],
    });
  });
  test("filtered records: the gateway applies the filter", async () => {
    const { ports, gateway } = stage("web");
    await shown(ports, {}, { ...all, sinceMs: 1000, client: "anna@laptop", follow: true });
    expect(gateway.calls.at(-1)?.path).toBe("audit?since=1000&client=anna%40laptop&follow=1");
  });
});

describe("neither a line nor a gateway's log", () => {
  test("without a line, the error says how to set one up", async () => {
    const { ports } = stage();
    onHost = false;
    onTestFinished(() => {
      onHost = true;
    });
    expect(await failureOf(shown(ports))).toMatchObject({
      code: "LINE_NONE",
      why: [expect.stringContaining("/var/log/tetherdock-gateway")],
      hints: ["tetherdock up user@host", expect.stringMatching(/^tetherdock audit --directory /)],
    });
    expect(await shown(ports, { folder: "/copy" })).toBe("in /copy");
  });
});

describe("--client", () => {
  const bobs = '{"time":1,"event":"end","client":"bob@desk","x":1}';
  const of = (client: string, follow = false): RecordQuery => ({ ...all, client, follow });
  function quiet(...names: string[]) {
    const staged = stage("web");
    const client = { fingerprint: "a".repeat(64), role: "admin", state: "active", expires: null } as const;
    for (const name of names) staged.gateway.clients.set(name, { ...client, name });
    staged.gateway.records = [];
    return staged;
  }

  test.each([false, true])("a name that is neither listed nor recorded (follow: %s)", async (follow) => {
    const { ports } = quiet("anna@laptop");
    expect(await failureOf(shown(ports, { line: "web" }, of("ana@laptop", follow)))).toMatchObject({
      code: "CLIENT_UNKNOWN",
      why: ["did you mean anna@laptop?", "the clients are anna@laptop"],
      hints: ["tetherdock audit web --client anna@laptop", "tetherdock client ls --line web"],
    });
  });
  test("a listed client without records: prints nothing", async () => {
    expect(await shown(quiet("anna@laptop").ports, {}, of("anna@laptop"))).toBe("");
  });
  test("a removed client: its records are shown; it is known even if all are older than --since", async () => {
    const { ports, gateway } = quiet();
    gateway.records = [bobs];
    expect(await shown(ports, {}, of("bob@desk"))).toBe(bobs);
    const lines = gateway.lines.bind(gateway);
    Object.assign(gateway, {
      lines: async function* (...[access, call]: Parameters<typeof lines>) {
        if (!call.path.includes("since=")) yield* lines(access, call);
      },
    });
    expect(await shown(ports, {}, { ...of("bob@desk"), sinceMs: 5 })).toBe("");
  });
  test("an empty log is no error unless a client was named", async () => {
    expect(await shown(quiet("anna@laptop").ports)).toBe("");
  });
  test("names are looked for only if there is no record, or before a log is followed", async () => {
    const { ports, gateway } = quiet("bob@desk");
    gateway.records = [bobs];
    await shown(ports, {}, of("bob@desk"));
    expect(gateway.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET audit?client=bob%40desk",
    ]);
    await shown(ports, {}, of("bob@desk", true));
    expect(gateway.calls.slice(1).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET clients",
      "GET audit/files",
      "GET audit?since=1&client=bob%40desk&follow=1",
    ]);
  });
  test("without a line in the command, the hints have none either", async () => {
    expect(await failureOf(shown(quiet("anna@laptop").ports, {}, of("ana@laptop")))).toMatchObject({
      message: "there is no client ana@laptop on this line's client list or in its audit log",
      hints: ["tetherdock audit --client anna@laptop", "tetherdock client ls"],
    });
  });
  test("in a folder, the search for names follows nothing, and ends after 20,000 records", async () => {
    const { ports } = stage();
    const asked: RecordQuery[] = [];
    let read = 0;
    const records = async function* (query: RecordQuery) {
      asked.push(query);
      if (query.client === undefined) for (; read < 100_000; read++) yield `{"client":"c${read % 3}"}`;
    };
    const folder = () => ({ records, newest: async () => 0, verify: async () => INTACT });
    expect(await failureOf(shown({ ...ports, folder }, { folder: "/copy" }, of("c9", true)))).toMatchObject({
      code: "CLIENT_UNKNOWN",
      message: "there is no client c9 in the audit log in /copy",
    });
    expect(read).toBe(19_999);
    expect(asked.map(({ follow }) => follow)).toEqual([false, false]);
  });
  test("in a folder, names come from the records", async () => {
    const { ports } = stage();
    const records = async function* ({ client }: RecordQuery) {
      if (client === undefined || client === "bob@desk") yield* [bobs, "no record", '{"client":"x'];
    };
    const folder = () => ({ records, newest: async () => 0, verify: async () => INTACT });
    const place = { folder: "/copy" };
    expect(await shown({ ...ports, folder }, place, of("bob@desk"))).toContain(bobs);
    expect(await failureOf(shown({ ...ports, folder }, place, of("bob@dsk")))).toMatchObject({
      code: "CLIENT_UNKNOWN",
      hints: ["tetherdock audit --directory /copy --client bob@desk"],
    });
  });
});

describe("audit verify", () => {
  const place = { folder: undefined, line: undefined };
  test("asks the line's gateway, and sends it the expected seal", async () => {
    const { ports, gateway } = stage("web");
    expect(await verifyRecords(ports, place, undefined)).toEqual(INTACT);
    expect(await verifyRecords(ports, place, "abc")).toMatchObject({ records: 3 });
    expect(gateway.calls.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });
  test("verifies the log in a directory by itself", async () => {
    const { ports, seals } = stage("web");
    expect(await verifyRecords(ports, { ...place, folder: "/copy" }, "abc")).toMatchObject({ seal: "/copy" });
    expect(seals).toEqual(["abc"]);
  });
  test("a log with problems: AUDIT_BROKEN, with the file and line of each problem", () => {
    expect(() => requireIntact(INTACT)).not.toThrow();
    const problems = [
      { file: "audit-1", line: 7, what: "the seal is wrong" },
      { file: "a\nb", line: null, what: "missing" },
    ];
    expect(() => requireIntact({ ...INTACT, ok: false, problems })).toThrow(
      expect.objectContaining({
        code: "AUDIT_BROKEN",
        why: ['audit-1, line 7: "the seal is wrong"', expect.stringMatching(/^\S+: missing$/)],
      }),
    );
  });
});

test("a gateway may take minutes to verify its log", async () => {
  const { ports, gateway } = stage("web");
  const { call } = gateway;
  const times: (number | undefined)[] = [];
  Object.assign(gateway, {
    call: (...[access, asked, reader]: Parameters<typeof call>) => {
      times.push(asked.withinMs);
      return call(access, asked, reader);
    },
  });
  await verifyRecords(ports, { folder: undefined, line: undefined }, undefined);
  expect(times).toEqual([300_000]);
});
