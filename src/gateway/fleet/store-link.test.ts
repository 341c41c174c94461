/** What a gateway tells the fleet process, and what it believes of it: nothing. */
import type { KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { fleetClient, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import {
  type FleetDocuments,
  formatHandOver,
  type HandOverAnswer,
  HEARTBEAT_MS,
  judgeReceipt,
  parseLink,
  readHandOverAnswer,
} from "../../fleet/index.ts";
import type { LinkPort } from "../ports.ts";
import type { AnswerParts } from "./answer-questions.ts";
import { FleetInForce } from "./fleet-in-force.ts";
import { StoreLink } from "./store-link.ts";

const [key, RECEIPTS] = [makeOperator(), makeOperator()];
const STORE = { urls: ["https://web.example/acme"], ca: null };
const OTHER = { urls: ["https://other.example/acme"], ca: null };
const OWN = [fleetClient("root", { role: "admin" })];

async function stage() {
  const kept: { fleet: string | undefined; link: string | undefined; receiptKey: KeyObject | undefined } = {
    ...{ fleet: undefined, link: undefined },
    receiptKey: RECEIPTS,
  };
  const listening = new Map<string, (line: string) => Promise<string>>();
  const notes: string[] = [];
  let sockets = 0;
  const port: LinkPort = {
    path: "fleet-store.json",
    read: async () => kept.link,
    write: async (text) => {
      kept.link = text;
    },
    receiptKey: async () => kept.receiptKey ?? Promise.reject(new Error("the disk is full")),
    newSocket: () => `/run/${++sockets}.sock`,
    listen: async (socket, answer) => {
      listening.set(socket, answer);
      return () => void listening.delete(socket);
    },
  };
  const files = {
    path: "fleet.json",
    read: async () => kept.fleet,
    write: async (text: string | undefined) => {
      kept.fleet = text;
    },
  };
  const told: string[] = [];
  const later = { ms: 0 };
  const make = () =>
    new StoreLink(
      port,
      () => parts,
      () => Date.now() + later.ms,
      (why) => told.push(why),
    );
  const fleet: FleetInForce = new FleetInForce(files, Date.now, { rolesAfterEnd: [] }, () => link.follow());
  const gateway = {
    clock: Date.now,
    cuts: {
      during: async (_: null, work: () => Promise<unknown>) => ({
        result: await work(),
        receipt: { cut: [{}], open: 0 },
      }),
    },
    note: (...words: unknown[]) => notes.push(words.join(" ")),
  };
  const parts = { gateway, fleet, clients: { clients: OWN } } as unknown as AnswerParts;
  const link = make();
  const sign = (list: Parameters<typeof fleetList>[0]) => {
    const before = fleet.kept && { documents: fleet.kept.documents, view: fleet.kept.view };
    return signNext(before, key, fleetList(list));
  };
  /** What the process does, with the file of the gateway. */
  const say = async (documents: FleetDocuments | null) => {
    const { socket } = parseLink(kept.link ?? "", port.path);
    const answer = await listening.get(socket)?.(
      formatHandOver({ documents, store: { is: "connected" }, noReceipt: "status 405" }),
    );
    const read = readHandOverAnswer(answer ?? "");
    return "value" in read ? read.value : expect.fail(read.problems.join());
  };
  return { ...{ kept, listening, notes, told, later, fleet, link, make, sign, say } };
}

async function joined(list: Parameters<typeof fleetList>[0] = { store: STORE }) {
  const made = await stage();
  await made.fleet.accept(made.sign(list), () => OWN, "root");
  return made;
}

test("the process gets the address that the signed list names, and no other", async () => {
  const { link, kept, fleet, sign, listening } = await joined();
  expect(await link.set("web", "secret")).toBeNull();
  expect(parseLink(kept.link ?? "", "")).toMatchObject({
    host: "web",
    fleet: "acme",
    address: STORE,
    credentials: "secret",
  });
  await fleet.accept(sign({ store: OTHER }), () => OWN, "root");
  expect(parseLink(kept.link ?? "", "")).toMatchObject({ host: "web", address: OTHER });
  expect([...listening.keys()]).toEqual([parseLink(kept.link ?? "", "").socket]);
});

test.each([
  [
    "names no store any more",
    async ({ fleet, sign }: Awaited<ReturnType<typeof joined>>) =>
      void (await fleet.accept(sign({}), () => OWN, "root")),
  ],
  ["has left its fleet", async ({ fleet }: Awaited<ReturnType<typeof joined>>) => void (await fleet.leave())],
])("the file is gone when the host %s", async (_what, change) => {
  const made = await joined();
  await made.link.set("web", null);
  await change(made);
  expect([made.kept.link, made.link.host, made.listening.size]).toEqual([undefined, null, 0]);
});

test("a list without a store has no process", async () => {
  const { link, kept } = await joined({});
  expect(await link.set("web", null)).toMatch(/names no store/);
  expect(kept.link).toBeUndefined();
});

test("a list from the process is in force if it verifies, with what it closed", async () => {
  const { link, say, sign, fleet, notes } = await joined();
  await link.set("web", null);
  const next = sign({ store: STORE, clients: [fleetClient("eve")] });
  expect(await say(next)).toMatchObject({ inForce: 2, refused: null, closed: 1 });
  expect(fleet.kept?.view.version).toBe(2);
  expect(notes).toEqual(["gateway  fleet-list acme 2"]);
  expect(await say(null)).toMatchObject({ inForce: 2, closed: 1, documents: { targets: next.targets } });
  expect(link.process).toMatchObject({ store: { is: "connected" }, noReceipt: "status 405" });
});

test("a list that is refused revokes all the same: the answer says so, with what that closed, and so does the audit log", async () => {
  const { link, say, sign, fleet, notes } = await joined();
  await link.set("web", null);
  const [eve, revoked] = [fleetClient("eve"), [fleetClient("eve").fingerprint ?? ""]];
  const other = sign({ store: STORE, clients: [eve], revoked });
  await fleet.accept(sign({ store: STORE, clients: [eve] }), () => OWN, "root");
  expect(await say(other)).toMatchObject({
    ...{ inForce: 2, closed: 1 },
    refused: expect.stringMatching(
      /equal to current version.*; but 1 key that it revokes is revoked on this host \(closed 1 connection\)$/,
    ),
  });
  expect(fleet.members([]).clients).toMatchObject([{ name: "eve", state: "revoked" }]);
  expect(notes).toEqual(["gateway  fleet-list acme: refused; 1 key revoked"]);
  // The process asks every few seconds until another list is published.
  expect(await say(other)).toMatchObject({ refused: expect.stringContaining("1 key that it revokes is") });
  expect(notes).toHaveLength(1);
});

test("a process that no longer asks is none, until it asks again", async () => {
  const { link, say, later } = await joined();
  await link.set("web", null);
  await say(null);
  later.ms = 2 * HEARTBEAT_MS;
  expect(link.process).not.toBeNull();
  later.ms = 4 * HEARTBEAT_MS;
  expect(link.process).toBeNull();
  await say(null);
  expect(link.process).toMatchObject({ store: { is: "connected" } });
  later.ms = -60_000;
  expect(link.process, "the host's clock was set back").toBeNull();
});

test("the gateway signs what it says, for its own name; without its key it goes on, and says so", async () => {
  const { link, say, sign, fleet, kept, told } = await joined();
  await link.set("web", null);
  const key = await link.receiptKey();
  const judged = (answer: HandOverAnswer, host = "web") => {
    const { documents: _, ...said } = answer;
    const receipt = { host, seen: said.inForce, rejected: null, ...said };
    const { documents, view } = fleet.kept ?? expect.fail();
    return judgeReceipt(documents, view.version, receipt, key ?? undefined).doubt;
  };
  const answers = [await say(null), await say(sign({ store: STORE, clients: [fleetClient("eve")] }))];
  expect(answers.map((one) => judged(one))).toEqual([null, null]);
  expect(answers.map((one) => judged(one, "db"))).toEqual(["wrong-signature", "wrong-signature"]);
  const refused = await say(signNext(null, makeOperator(), fleetList()));
  expect([refused.refused === null, judged(refused)]).toEqual([false, null]);
  kept.receiptKey = undefined;
  expect([judged(await say(null)), await link.receiptKey()]).toEqual(["unsigned", null]);
  expect(told).toEqual([
    "its receipts are not signed: the disk is full",
    "its receipts' key: the disk is full",
  ]);
});

test("the process can change nothing that the operator has not signed", async () => {
  const { link, say, fleet } = await joined();
  await link.set("web", null);
  expect(await say(signNext(null, makeOperator(), fleetList()))).toMatchObject({
    ...{ inForce: 1, closed: 0, refused: expect.stringContaining("signed by 0/1") },
  });
  expect(fleet.kept?.view.version).toBe(1);
});

test("a list from the store does not lock the last admin out either", async () => {
  const { link, say, sign, fleet } = await joined();
  await link.set("web", null);
  const revoked = [OWN[0]?.fingerprint ?? ""];
  expect(await say(sign({ store: STORE, revoked }))).toMatchObject({
    ...{ inForce: 1, refused: expect.stringContaining("last active admin") },
  });
  expect(fleet.kept?.view.version).toBe(1);
});

test("words that are none are refused", async () => {
  const { link, listening } = await joined();
  await link.set("web", null);
  const [answer] = listening.values();
  expect(readHandOverAnswer((await answer?.("{}")) ?? "")).toMatchObject({
    value: { inForce: 1, refused: expect.any(String) },
  });
});

test("after a restart it listens where the file says; a broken file is told, and the gateway runs", async () => {
  const { link, make, kept, listening, told } = await joined();
  await link.set("web", null);
  const { socket } = parseLink(kept.link ?? "", "");
  link.close();
  const again = make();
  await again.load();
  expect([again.host, [...listening.keys()]]).toEqual(["web", [socket]]);
  kept.link = "{}";
  const broken = make();
  await broken.load();
  expect([broken.host, told]).toEqual([null, [expect.stringContaining("cannot read fleet-store.json")]]);
});

test("the first list of a host comes from an admin only", async () => {
  const { fleet, sign } = await stage();
  expect(await fleet.accept(sign({}), () => OWN, null)).toEqual({ refused: "this host is in no fleet" });
});
