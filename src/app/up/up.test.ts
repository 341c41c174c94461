/** Whole runs of `up`, from its arguments to its result, over ports without a host or a network. */
import { describe, expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { AS_BEFORE, failureOf, PENDING, TOO_LATE, UNKNOWN } from "../../../test/support/app/change.ts";
import { type Ending, failed, lost } from "../../../test/support/app/fake-host.ts";
import { alert, letIn, PROVEN } from "../../../test/support/app/fake-outside.ts";
import { OPERATOR, upRequest, upWorld, type World } from "../../../test/support/app/up-world.ts";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { CLIENT_CA, GATEWAY_CLIENTS } from "../../facts/index.ts";
import { formatContextMeta, type Line } from "../../line/index.ts";
import { makeKeyPair } from "../../pki/index.ts";
import type { UpRequest } from "./request.ts";
import { type UpResult, up } from "./up.ts";

const run = (world: World, over: Partial<UpRequest> = {}): Promise<UpResult> =>
  up(world.ports, upRequest(over));

/** A laptop and a host with a line, made by an `up`; what was told and asked meanwhile is forgotten. */
async function withLine(over: Partial<UpRequest> = {}): Promise<World> {
  const world = upWorld();
  const { prepared } = await run(world, over);
  const { host, outside, events, asked, opened } = world;
  host.state = carriedOut(host, prepared);
  for (const list of [host.ran, outside.came, events, asked, opened]) list.length = 0;
  return world;
}

const lineOf = ({ lines }: World): Promise<Line> => lines.read("vps");
const stepsOf = ({ events }: World) => events.flatMap((event) => (event.kind === "step" ? [event.id] : []));
const nothingIsLeft = ({ lines }: World) => expect([lines.kept.size, lines.staged.size]).toEqual([0, 0]);
const nothingWasDone = ({ host }: World) =>
  expect(host.ran.filter((kind) => !/facts|sign/.test(kind))).toEqual([]);

describe("a fresh host", () => {
  test("in native mode: one question, then the change, the proof and the line", async () => {
    const world = upWorld();
    const result = await run(world);
    expect(result).toMatchObject({
      kind: "proven",
      changed: true,
      outcome: { restartMs: 1500, line: { name: "vps", mode: "native", port: 2376, target: "core@vps" } },
    });
    expect(world.opened).toEqual(["core@vps"]);
    expect(world.asked).toMatchObject([{ kind: "plan" }]);
    expect(stepsOf(world)).toEqual([
      ...["open", "key", "write", "certificate", "write", "restart-docker", "prove", "confirm"],
    ]);
    expect(await lineOf(world)).toMatchObject({ address: "192.0.2.7", addresses: ["192.0.2.7"] });
    expect(world.lines.staged.size).toBe(0);
    expect(world.host.isClosed).toBe(true);
  });

  test("with a gateway: the program is sent, the operator is an admin, and an unlisted certificate is tried", async () => {
    const world = upWorld();
    const { prepared } = await run(world, { gateway: true });
    expect(prepared.plan).toMatchObject({ gateway: "start", restart: false });
    const list = prepared.plan.changes.find(({ path }) => path === GATEWAY_CLIENTS);
    const { clients } = JSON.parse(list?.kind === "write" ? list.after : "{}");
    expect(clients).toMatchObject([{ name: OPERATOR, role: "admin", state: "active" }]);
    expect(world.host.ran).toEqual(expect.arrayContaining(["send", "gateway"]));
    expect(world.host.ran).not.toContain("restart-docker");
    expect(world.outside.came.map(({ who }) => who)).toContain("unlisted");
    expect(await lineOf(world)).toMatchObject({ mode: "gateway" });
  });

  test("that cannot run the gateway: nothing changes, and the hint is the command for native mode", async () => {
    const world = upWorld();
    world.host.state = hostFacts({}, { systemdVersion: 246 });
    const error = await failureOf(run(world, { gateway: true, port: 2377 }));
    expect(error).toMatchObject({
      code: "HOST_SYSTEMD_OLD",
      hints: ["tetherdock up core@vps --port 2377 --native"],
    });
    nothingWasDone(world);
  });

  test("with an untested engine: a notice before anything changes", async () => {
    const world = upWorld();
    world.host.state = hostFacts({}, { engine: { version: "99.0.0", liveRestore: false } });
    world.answer = false;
    await failureOf(run(world));
    expect(world.events).toMatchObject([{ kind: "notice", id: "untried" }]);
  });

  test("with --local: the first address that it reports is the line's", async () => {
    const world = upWorld();
    await run(world, { destination: undefined, local: true });
    expect(world.opened).toEqual([null]);
    expect(await world.lines.read("local")).toMatchObject({ address: "192.0.2.7", target: null });
  });
});

describe("a second up", () => {
  test.each([false, true])(
    "without a change asks nothing, changes nothing, and proves the line (gateway: %s)",
    async (gateway) => {
      const world = await withLine({ gateway });
      const before = await lineOf(world);
      expect(await run(world)).toMatchObject({ kind: "proven", changed: false });
      nothingWasDone(world);
      expect([world.asked, await lineOf(world)]).toEqual([[], before]);
      expect(world.outside.came.length, "but it is proven again").toBeGreaterThan(4);
    },
  );

  test("restarts docker if the engine runs with older files", async () => {
    const world = await withLine();
    const { ran } = world.host;
    world.outside.table = { ...PROVEN, none: (pem) => (ran.includes("restart-docker") ? alert : letIn)(pem) };
    expect(await run(world)).toMatchObject({ changed: true });
    expect(world.asked).toMatchObject([{ kind: "plan", plan: { changes: [], restart: true } }]);
    expect(world.host.ran).toContain("restart-docker");
  });

  test("that cannot reach the line is NOT_REACHABLE, and changes nothing", async () => {
    const world = await withLine();
    world.outside.elsewhere.set("192.0.2.7", () => ({ kind: "unreachable", cause: "timeout", detail: "" }));
    expect(await failureOf(run(world))).toMatchObject({ code: "NOT_REACHABLE" });
    expect(world.host.ran.at(-1)).toBe("reach");
  });

  test("with another port moves the line and its docker contexts", async () => {
    const world = await withLine();
    const line = await lineOf(world);
    await world.contexts.write("vps", formatContextMeta("vps", line), {
      "ca.pem": "",
      "cert.pem": "",
      "key.pem": "",
    });
    world.outside.port = 2400;
    await run(world, { port: 2400 });
    expect(await lineOf(world)).toMatchObject({ port: 2400, id: line.id });
    expect(world.events.at(-1)).toEqual({ kind: "notice", id: "context-refreshed", name: "vps" });
    expect(world.contexts.kept.get("vps")?.metaJson).toContain(":2400");
    expect(world.outside.came.map(({ endpoint }) => endpoint.port)).toContain(2375);
  });

  test("to a gateway keeps the line's identity", async () => {
    const world = await withLine();
    const { id } = await lineOf(world);
    const key = await world.lines.readFile("vps", "docker/key.pem");
    await run(world, { gateway: true });
    expect(await lineOf(world)).toMatchObject({ mode: "gateway", id });
    expect(await world.lines.readFile("vps", "docker/key.pem")).toBe(key);
  });

  test("at another destination recognises the host by its key", async () => {
    const world = await withLine();
    expect(await run(world, { destination: "root@198.51.100.4" })).toMatchObject({ changed: false });
    expect(await lineOf(world)).toMatchObject({ target: "root@198.51.100.4" });
  });
});

describe("a host that cannot prove that it is the line's", () => {
  const reinstalled = async () => {
    const world = await withLine();
    world.host.state = hostFacts();
    return world;
  };
  test("leads to a question; after a no, nothing is signed", async () => {
    const world = await reinstalled();
    world.answer = false;
    const before = await lineOf(world);
    expect(await failureOf(run(world))).toMatchObject({ code: "HOST_NOT_PROVEN" });
    expect(world.asked).toMatchObject([{ kind: "new-host", line: "vps" }]);
    nothingWasDone(world);
    expect(await lineOf(world)).toEqual(before);
  });
  test("becomes the line's host after a yes", async () => {
    const world = await reinstalled();
    const { id } = await lineOf(world);
    expect(await run(world)).toMatchObject({ changed: true });
    expect(world.asked.map(({ kind }) => kind)).toEqual(["new-host", "plan"]);
    expect(await lineOf(world)).toMatchObject({ id });
  });
  test("is accepted without a question by --accept-host", async () => {
    const world = await reinstalled();
    await run(world, { acceptHost: "vps" });
    expect(world.asked.map(({ kind }) => kind)).toEqual(["plan"]);
  });
  test("and presents the line's key without holding it gets nothing signed, even after a yes", async () => {
    const world = await withLine();
    world.host.endings.sign = failed(1);
    for (const over of [{ acceptHost: "vps" }, {}]) {
      expect(await failureOf(run(world, over))).toMatchObject({ code: "HOST_KEY_NOT_HELD" });
      nothingWasDone(world);
    }
    expect(world.asked).toMatchObject([{ kind: "new-host" }]);
  });
  test("and has another laptop's line is refused", async () => {
    const world = upWorld();
    const other = await withLine();
    world.host.state = {
      ...other.host.state,
      ours: { files: new Map(), publicKey: makeKeyPair().publicKey },
    };
    expect(await failureOf(run(world))).toMatchObject({ code: "HOST_HAS_LINE" });
    nothingIsLeft(world);
  });
});

describe("a dry run", () => {
  test("shows the plan, asks nothing and changes nothing", async () => {
    const world = upWorld();
    const { kind, prepared } = await run(world, { dryRun: true, encryptCaKey: true });
    expect([kind, prepared.plan.changes.length > 0]).toEqual(["planned", true]);
    nothingWasDone(world);
    nothingIsLeft(world);
    expect(world.asked).toEqual([]);
  });
  test("of a host that cannot prove itself asks nothing either", async () => {
    const world = await withLine();
    world.host.state = hostFacts();
    expect(await failureOf(run(world, { dryRun: true }))).toMatchObject({ code: "HOST_NOT_PROVEN" });
    expect(world.asked).toEqual([]);
  });
  test("neither waits for an open change nor undoes it", async () => {
    const world = await withLine();
    const { host } = world;
    const [done] = host.state.transactions;
    if (done)
      host.state = { ...host.state, transactions: [{ ...done, state: "pending", ownerAlive: false }] };
    expect(await failureOf(run(world, { dryRun: true }))).toMatchObject({ code: "HOST_BUSY" });
    expect(host.ran).toEqual(["facts"]);
  });
  test("needs no passphrase of an encrypted CA key", async () => {
    const world = await withLine({ encryptCaKey: true });
    const { questions } = world.ports;
    Object.assign(questions, { passphrase: () => Promise.reject(new Error("it must not ask")) });
    expect(await run(world, { dryRun: true, port: 2400 })).toMatchObject({ kind: "planned" });
    await expect(run(world, { port: 2400 })).rejects.toThrow("it must not ask");
  });
});

test("a plan that the user declines leaves nothing behind", async () => {
  const world = upWorld();
  world.answer = false;
  expect(await failureOf(run(world))).toMatchObject({ code: "INTERRUPTED", message: "nothing was changed" });
  nothingWasDone(world);
  nothingIsLeft(world);
  expect(world.host.isClosed).toBe(true);
});

describe("a proof that fails", () => {
  test.each<[string, Ending | undefined, string, number]>([
    ["and the host undoes the change", undefined, AS_BEFORE, 0],
    ["and the host cannot undo it", failed(1), PENDING, 1],
    ["and the connection breaks", lost, PENDING, 1],
  ])("%s", async (_what, undo, says, staged) => {
    const world = upWorld();
    world.outside.table = { ...PROVEN, none: letIn };
    world.host.endings.undo = undo;
    const error = await failureOf(run(world));
    expect(error).toMatchObject({ code: "NOT_PROVEN", exitStatus: 4, details: { undone: staged === 0 } });
    expect(error.why.at(-1)).toBe(says);
    expect([world.lines.kept.size, world.lines.staged.size]).toEqual([0, staged]);
    expect(world.host.ran).not.toContain("confirm");
  });
});

describe("a confirmation", () => {
  test("that arrives too late: the hint is the same command with more time, up to the maximum", async () => {
    for (const [confirmWithin, hint] of [
      [120_000, "tetherdock up core@vps --port 2400 --confirm-within 240s"],
      [600_000, "tetherdock up core@vps --port 2400 --confirm-within 900s"],
    ] as const) {
      const world = upWorld();
      world.outside.port = 2400;
      world.host.endings.confirm = failed(TOO_LATE);
      const error = await failureOf(run(world, { port: 2400, confirmWithin }));
      expect(error).toMatchObject({ code: "CONFIRM_TOO_LATE", hints: [hint], why: [AS_BEFORE] });
      nothingIsLeft(world);
    }
  });
  test("without an answer: the next up recognises the host and keeps the line", async () => {
    const world = upWorld();
    Object.assign(world.host.endings, { confirm: lost, undo: lost });
    expect((await failureOf(run(world))).why.at(-1)).toBe(UNKNOWN);
    const staged = upWorld();
    const { prepared } = await run(staged);
    const state = carriedOut(world.host, { ...prepared, line: await pendingLine(world) });
    const ca = state.ours.files.get(CLIENT_CA);
    const text = (await world.lines.pending("vps"))?.["docker/ca.pem"];
    Object.assign(ca ?? {}, { text });
    Object.assign(world.host, { endings: {}, state });
    await run(world);
    expect([...world.lines.kept.keys()]).toEqual(["vps"]);
    expect(world.lines.staged.size).toBe(0);
  });
});

async function pendingLine({ lines }: World): Promise<Line> {
  return JSON.parse((await lines.pending("vps"))?.["line.json"] ?? "{}");
}
