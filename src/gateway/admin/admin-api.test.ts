/** The admin API without a socket: what each call answers, and what it changes. */
import { expect, test, vi } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import { type Client, type ClientStore, ListInForce } from "../../identity/index.ts";
import type { AdminAnswer, AdminRequest } from "../admin-port.ts";
import { LastSeen } from "../clients/last-seen.ts";
import { Cuts } from "../record/cuts.ts";
import { createAdminApi } from "./admin-api.ts";
import type { AdminParts } from "./admin-parts.ts";

const NOW = 1_000_000;
const client = (name: string, over: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.padEnd(64, "0"), role: "admin", state: "active", expires: null },
  ...over,
});
const ANNA = client("a");
const BEN = client("b", { role: "viewer" });

/** Ben has a connection open. */
function seenOf(): LastSeen {
  const seen = new LastSeen();
  seen.note(ANNA, { time: 5, address: "192.0.2.7:1", certificateEnds: 5000 });
  seen.note(BEN, { time: 6, address: "192.0.2.8:2", certificateEnds: 6000 });
  seen.note(client("gone"), { time: 7, address: "192.0.2.9:3", certificateEnds: 7000 });
  return seen;
}

interface Options {
  readonly list?: readonly Client[];
  readonly reload?: readonly string[];
  /** How many writes fail because another writer came first. */
  readonly conflicts?: number;
}

function made({ list = [ANNA, BEN], reload = [], conflicts = 0 }: Options = {}) {
  const notes: string[][] = [];
  const wrote: (readonly Client[])[] = [];
  const setClients = vi.fn();
  let left = conflicts;
  const store: ClientStore = {
    read: async () => ({ clients: wrote.at(-1) ?? list, revision: `${wrote.length}` }),
    watch: () => () => {},
    write: async (clients) => {
      if (left-- > 0) return "conflict";
      wrote.push(clients);
      return "ok";
    },
  };
  const read = vi.fn((_selection: unknown) => (async function* () {})());
  const parts = {
    gateway: {
      gauges: { connections: 3, handshakes: 1 },
      audit: { failure: null },
      draining: false,
      clients: list,
      sessions: [{ id: "c1", client: BEN.name }],
      seen: seenOf(),
      clock: () => NOW,
      cuts: new Cuts(),
      role: (name: string) => (name === "admin" || name === "viewer" ? {} : undefined),
      cutSession: (id: string) => id === "c1",
      note: (...words: string[]) => notes.push(words),
    },
    clients: new ListInForce(store, { clients: list, revision: "0" }, setClients),
    enrolment: null,
    fleet: { kept: null },
    audit: { read, verify: async (seal: string | null) => ({ seal }) },
    reload: async () => reload,
    about: () => ({ version: "1.2.3" }),
  } as unknown as AdminParts;
  const api = createAdminApi(parts);
  const call = (line: string, body: unknown = ""): Promise<AdminAnswer> => {
    const [method = "", target = ""] = line.split(" ");
    const [path = "", query = ""] = target.split("?");
    const request: AdminRequest = {
      ...{ method, path, query: new URLSearchParams(query), client: "anna" },
      body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      signal: new AbortController().signal,
    };
    return api.answer(request);
  };
  return { store, call, notes, wrote, setClients, read };
}

test("status reports the version, counts, and whether records can be written", async () => {
  expect(await made().call("GET status")).toEqual({
    status: 200,
    value: { version: "1.2.3", connections: 3, handshakes: 1, draining: false, audit: "ok" },
  });
});

test.each([
  "GET nothing",
  "PATCH clients",
  "POST status",
  "GET status/x",
  "GET clients/a",
  "GET sessions/c1",
  "POST reload/now",
  "PUT clients/%zz",
  "DELETE sessions/c9",
  "DELETE clients/nobody",
  "POST clients/nobody/revoke",
  "POST clients/a/promote",
  "POST clients/a",
  "GET invitations/a",
  "DELETE invitations/a",
])("404: %s", async (line) => {
  const { call, notes, wrote } = made();
  expect(await call(line)).toMatchObject({ status: 404, value: { message: expect.any(String) } });
  expect([notes, wrote]).toEqual([[], []]);
});

test("closing a session records who closed it", async () => {
  const { call, notes } = made();
  expect(await call("DELETE sessions/c1")).toEqual({ status: 200, value: { cut: "c1" } });
  expect(notes).toEqual([["admin", "anna", "session-cut", "c1"]]);
});

test("a reload is recorded before it is tried, and reports files that cannot be used", async () => {
  const good = made();
  expect(await good.call("POST reload")).toEqual({ status: 200, value: { reloaded: true } });
  expect(good.notes).toEqual([["admin", "anna", "reload", ""]]);
  const bad = await made({ reload: ["one", "two"] }).call("POST reload");
  expect(bad).toMatchObject({ status: 409, value: { problems: ["one", "two"] } });
});

test("clients are listed; a new one is added, a known one replaced in its place", async () => {
  const { call, wrote, notes, setClients } = made();
  expect(await call("GET clients")).toEqual({
    status: 200,
    value: {
      ...{ clients: [ANNA, BEN], invitations: [], jobs: [], newCa: null, fleet: [] },
      seen: [
        { name: "a", time: 5, address: "192.0.2.7:1", certificateEnds: 5000 },
        { name: "b", time: NOW, address: "192.0.2.8:2", certificateEnds: 6000 },
      ],
    },
  });
  const eve = client("e", { role: "viewer" });
  expect(await call("PUT clients/e", eve)).toEqual({
    status: 200,
    value: { clients: [ANNA, BEN, eve], receipt: { cut: [], open: 0, tookMs: expect.any(Number) } },
  });
  const ana = { ...ANNA, fingerprint: "9".repeat(64) };
  await call("PUT clients/a", ana);
  expect(wrote.at(-1)).toEqual([ana, BEN, eve]);
  expect(setClients.mock.calls.map(([clients]) => clients)).toEqual(wrote);
  expect(notes.map(([, by, rule, name]) => [by, rule, name])).toEqual([
    ["anna", "client-added", "e"],
    ["anna", "client-changed", "a"],
  ]);
});

test.each<[string, string, unknown, number]>([
  ["no JSON", "PUT clients/e", "{", 400],
  ["another name than in the path", "PUT clients/e", client("f"), 400],
  ["a role that is not defined", "PUT clients/e", client("e", { role: "boss" }), 400],
  ["a key that somebody has already", "PUT clients/e", { ...ANNA, name: "e" }, 409],
  ["the last active admin taken off the list", "DELETE clients/a", "", 409],
  ["the last active admin revoked", "POST clients/a/revoke", "", 409],
  ["the last admin made a viewer", "PUT clients/a", { ...ANNA, role: "viewer" }, 409],
  ["the last admin expired", "PUT clients/a", { ...ANNA, expires: new Date(NOW).toISOString() }, 409],
])("refused: %s", async (_what, line, body, status) => {
  const { call, wrote, notes, setClients } = made();
  expect(await call(line, body)).toMatchObject({ status });
  expect([wrote, notes, setClients.mock.calls]).toEqual([[], [], []]);
});

test("an admin whose access ends later may be the last one", async () => {
  const expires = new Date(NOW + 1_000).toISOString();
  expect(await made().call("PUT clients/a", { ...ANNA, expires })).toMatchObject({ status: 200 });
});

test("revoke and restore change only the state; DELETE removes the client", async () => {
  const { call, wrote, notes } = made();
  await call("POST clients/b/revoke");
  expect(wrote.at(-1)).toEqual([ANNA, { ...BEN, state: "revoked" }]);
  await call("POST clients/b/restore");
  expect(wrote.at(-1)).toEqual([ANNA, BEN]);
  await call("DELETE clients/b");
  expect(wrote.at(-1)).toEqual([ANNA]);
  expect(notes.map(([, , rule]) => rule)).toEqual(["client-changed", "client-changed", "client-removed"]);
});

test("a conflict with another writer is retried, five times at most", async () => {
  expect(await made({ conflicts: 4 }).call("POST clients/b/revoke")).toMatchObject({ status: 200 });
  const spoilt = made({ conflicts: 5 });
  expect(await spoilt.call("POST clients/b/revoke")).toMatchObject({ status: 409 });
  expect([spoilt.wrote, spoilt.notes]).toEqual([[], []]);
});

test("a list that cannot be written gives 500, a full one 409; neither takes effect, and the next call works", async () => {
  const { store, call, setClients } = made();
  const { write } = store;
  const fails = (error: Error) => Object.assign(store, { write: () => Promise.reject(error) });
  fails(new Error("disk full"));
  expect(await call("POST clients/b/revoke")).toMatchObject({ status: 500 });
  fails(new TetherdockError("GATEWAY_CLIENTS_FULL", "the list is full"));
  expect(await call("POST clients/b/revoke")).toMatchObject({ status: 409 });
  expect(setClients).not.toHaveBeenCalled();
  Object.assign(store, { write });
  expect(await call("POST clients/b/revoke")).toMatchObject({ status: 200 });
});

test("the audit log can be filtered by time and client, and followed", async () => {
  const { call, read } = made();
  expect(await call("GET audit?since=5&client=ben&follow=1")).toMatchObject({ status: 200, endless: true });
  expect(read.mock.lastCall?.[0]).toMatchObject({ sinceMs: 5, client: "ben", follow: true });
  expect(await call("GET audit")).toMatchObject({ status: 200, endless: false });
  expect(read.mock.lastCall?.[0]).toMatchObject({ sinceMs: null, client: null, follow: false });
  expect(await call("GET audit/verify?seal=ab")).toEqual({ status: 200, value: { seal: "ab" } });
});

test.each([
  "GET audit?since=x",
  "GET audit?since=-1",
  "GET audit?until=1",
  "GET audit/other",
  "GET audit?since=1234567890123456",
])("400: %s", async (line) => {
  const { call, read } = made();
  expect(await call(line)).toMatchObject({ status: 400 });
  expect(read).not.toHaveBeenCalled();
});
