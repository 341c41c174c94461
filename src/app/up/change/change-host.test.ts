/** Every result of the proof with every end of the transaction on the host. */
import { describe, expect, test } from "vitest";
import {
  AS_BEFORE,
  change,
  failureOf,
  PENDING,
  TOO_LATE,
  UNKNOWN,
  whatIsLeft,
} from "../../../../test/support/app/change.ts";
import { type Ending, failed, lost } from "../../../../test/support/app/fake-host.ts";
import {
  alert,
  dropped,
  letIn,
  noRoute,
  PROVEN,
  refused,
  type Seen,
} from "../../../../test/support/app/fake-outside.ts";
import { preparedFor, upWorld } from "../../../../test/support/app/up-world.ts";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import { TetherdockError } from "../../../base/index.ts";
import type { CaseKind } from "../../../engine/index.ts";
import { issueServer, makeKeyPair } from "../../../pki/index.ts";
import type { UpEvent } from "../index.ts";

const everybody = (seen: Seen) =>
  Object.fromEntries(Object.keys(PROVEN).map((who) => [who, seen])) as Record<CaseKind, Seen>;

/** What is seen, and the code of what is thrown; null: nothing. */
const PROOFS = {
  proven: { table: PROVEN, code: null },
  exposed: { table: { ...PROVEN, none: letIn }, code: "NOT_PROVEN" },
  broken: { table: { ...PROVEN, line: alert }, code: "NOT_PROVEN" },
  unreachable: { table: everybody(dropped), code: "NOT_REACHABLE" },
};

/** How the host ends confirm and undo; what is said then, and whether the line is kept, left pending, or gone. */
interface FateCase {
  readonly confirm?: Ending;
  readonly undo?: Ending;
  /** Where all is proven: null is success. */
  readonly proven: { code: string | null; says: string | null; left: "kept" | "pending" | "nothing" };
  readonly otherwise: { says: string; left: "pending" | "nothing" };
}

const FATES: Readonly<Record<string, FateCase>> = {
  "confirms, or undoes": {
    proven: { code: null, says: null, left: "kept" },
    otherwise: { says: AS_BEFORE, left: "nothing" },
  },
  "has undone the change before the confirmation arrives": {
    confirm: failed(TOO_LATE),
    proven: { code: "CONFIRM_TOO_LATE", says: AS_BEFORE, left: "nothing" },
    otherwise: { says: AS_BEFORE, left: "nothing" },
  },
  "falls silent at the end": {
    confirm: lost,
    undo: lost,
    proven: { code: "HOST_CONNECTION_LOST", says: UNKNOWN, left: "pending" },
    otherwise: { says: PENDING, left: "pending" },
  },
  "loses the confirmation, and then reports the undo": {
    confirm: lost,
    proven: { code: "HOST_CONNECTION_LOST", says: AS_BEFORE, left: "nothing" },
    otherwise: { says: AS_BEFORE, left: "nothing" },
  },
  "cannot undo": {
    confirm: failed(1),
    undo: failed(1),
    proven: { code: "HOST_STEP_FAILED", says: UNKNOWN, left: "pending" },
    otherwise: { says: PENDING, left: "pending" },
  },
};

describe.each(Object.entries(PROOFS))("a new line that is %s", (state, { table, code }) => {
  test.each(Object.entries(FATES))("on a host that %s", async (_what, fate) => {
    const world = upWorld();
    world.outside.table = table;
    Object.assign(
      world.host.endings,
      fate.confirm && { confirm: fate.confirm },
      fate.undo && { undo: fate.undo },
    );
    const prepared = await preparedFor(world);
    const expected = state === "proven" ? fate.proven : { code, ...fate.otherwise };
    if (expected.code === null) {
      expect(await change(world, prepared)).toMatchObject({ restartMs: 1500 });
      expect(world.host.ran).not.toContain("undo");
    } else {
      const error = await failureOf(change(world, prepared));
      expect(error.code).toBe(expected.code);
      expect(error.why.at(-1)).toBe(expected.says);
      expect(error.details).toMatchObject({ undone: expected.says === AS_BEFORE });
      expect(world.host.ran.at(-1)).toBe("undo");
    }
    expect(world.host.ran.includes("confirm")).toBe(state === "proven");
    expect(whatIsLeft(world)).toBe(expected.left);
  });
});

describe("the probes of a proof", () => {
  const tried = async (mode: "native" | "gateway") => {
    const world = upWorld();
    await change(world, await preparedFor(world, { mode }));
    return world.outside.came.map(({ who }) => who);
  };
  test("in native mode: our certificate, none, another CA's, an expired one, plain HTTP, and the port that must be closed", async () => {
    expect(await tried("native")).toEqual(["line", "none", "untrusted", "expired", "plain", "closed"]);
  });
  test("in gateway mode also an unlisted certificate of the line's CA", async () => {
    expect(await tried("gateway")).toContain("unlisted");
  });
  test("any of them that gets in fails the proof", async () => {
    for (const who of ["none", "untrusted", "expired", "unlisted", "closed"] as const) {
      const world = upWorld();
      world.outside.table = { ...PROVEN, [who]: letIn };
      const error = await failureOf(change(world, await preparedFor(world, { mode: "gateway" })));
      expect(error, who).toMatchObject({ code: "NOT_PROVEN", attempts: [{ what: "exposed" }] });
    }
  });
});

describe("a name with several addresses", () => {
  const change6 = async (seen: Seen) => {
    const world = upWorld();
    world.outside.names.set("web.example", ["192.0.2.7", "2001:db8::7"]);
    world.outside.elsewhere.set("2001:db8::7", seen);
    return change(world, await preparedFor(world, { address: "web.example" }));
  };
  test("an address without a route from here is not required if another one is proven", async () => {
    const { proofs } = await change6(noRoute);
    expect(proofs.map(({ required, state }) => ({ required, state }))).toEqual([
      { required: true, state: "proven" },
      { required: false, state: "unreachable" },
    ]);
  });
  test("an address that drops packets is required", async () => {
    expect(await failureOf(change6(dropped))).toMatchObject({ code: "NOT_REACHABLE" });
  });
});

describe("docker does not start", () => {
  const why = async (active: boolean) => {
    const world = upWorld();
    world.host.endings["restart-docker"] = failed(1, "invalid flag\n");
    const facts = hostFacts({ active }, active ? {} : { commandLine: [], engine: null });
    const error = await failureOf(change(world, await preparedFor(world, { facts })));
    expect(error.code).toBe("DOCKER_START_FAILED");
    return error.why;
  };
  test("and was running before", async () => {
    expect(await why(true)).toEqual(['"invalid flag"', AS_BEFORE]);
  });
  test("and was not running before", async () => {
    expect(await why(false)).toEqual(['"invalid flag"', "docker was not running before, either", AS_BEFORE]);
  });
});

test("no certificate is signed for a key that the host does not hold", async () => {
  const world = upWorld();
  world.host.endings.sign = () => ({ status: 0, stdout: "ecdsa AAAA\n", stderr: failed(0)().stderr });
  expect(await failureOf(change(world, await preparedFor(world)))).toMatchObject({
    code: "HOST_KEY_NOT_HELD",
    details: { undone: true },
  });
  expect(world.host.certificate).toBe("");
});

test("another machine with a certificate of this line is not accepted as the host", async () => {
  const world = upWorld();
  const prepared = await preparedFor(world);
  const { publicKey } = makeKeyPair();
  const options = { publicKey, names: prepared.names.named, now: world.ports.clock() };
  const other = await issueServer(prepared.identity.authority, options);
  world.outside.table = { ...PROVEN, line: () => letIn(other) };
  expect(await failureOf(change(world, prepared))).toMatchObject({
    code: "NOT_PROVEN",
    message: expect.stringContaining("another machine"),
  });
});

test("Ctrl-C during the change undoes it, and nothing is confirmed", async () => {
  for (const at of ["key", "restart-docker"] as const) {
    const world = upWorld();
    world.host.onRun = (kind) => {
      if (kind === at) world.interrupt(new TetherdockError("INTERRUPTED", "interrupted"));
    };
    const error = await failureOf(change(world, await preparedFor(world)));
    expect(error).toMatchObject({ code: "INTERRUPTED", why: [AS_BEFORE] });
    expect(world.host.ran.slice(world.host.ran.indexOf(at) + 1), "no step after it").toEqual(["undo"]);
    expect(whatIsLeft(world)).toBe("nothing");
  }
});

test("Ctrl-C before the change: nothing is opened on the host", async () => {
  const world = upWorld();
  const reason = new TetherdockError("INTERRUPTED", "interrupted");
  const prepared = await preparedFor(world);
  world.interrupt(reason);
  expect(await failureOf(change(world, prepared))).toBe(reason);
  expect(world.host.ran).toEqual([]);
});

test("Ctrl-C while programs are sent: the next one is not sent, and nothing is opened", async () => {
  const world = upWorld();
  const prepared = await preparedFor(world, { mode: "gateway" });
  const programs = prepared.plan.changes.filter(({ kind }) => kind === "program");
  const changes = [...programs, ...prepared.plan.changes];
  const report = (event: UpEvent) => {
    if (event.kind === "step") world.interrupt(new TetherdockError("INTERRUPTED", "interrupted"));
  };
  Object.assign(world.ports, { report });
  const failure = failureOf(change(world, { ...prepared, plan: { ...prepared.plan, changes } }));
  expect(await failure).toMatchObject({ code: "INTERRUPTED" });
  expect(world.host.ran).toEqual(["send"]);
});

test.each([
  ["native", "docker.service"],
  ["gateway", "tetherdock-gateway.service"],
] as const)(
  "nothing listens on the host after a change in %s mode: the hint is about %s",
  async (mode, unit) => {
    const world = upWorld();
    world.outside.table = everybody(refused);
    world.host.reach = "";
    expect(await failureOf(change(world, await preparedFor(world, { mode })))).toMatchObject({
      code: "NOT_REACHABLE",
      hints: expect.arrayContaining([expect.stringContaining(unit)]),
    });
  },
);

test("each step is reported by its id, in order", async () => {
  const world = upWorld();
  await change(world, await preparedFor(world));
  const ids = world.events.flatMap((event) => (event.kind === "step" ? [event.id] : []));
  expect(ids).toEqual(["open", "key", "write", "certificate", "write", "restart-docker", "prove", "confirm"]);
});

test("a gateway that reloads is probed only after it serves the new certificate", async () => {
  const world = upWorld();
  const prepared = await preparedFor(world, { mode: "gateway" });
  const { publicKey } = makeKeyPair();
  const options = { publicKey, names: prepared.names.named, now: world.ports.clock() };
  const old = await issueServer(prepared.identity.authority, options);
  const { came } = world.outside;
  world.outside.table = { ...PROVEN, line: (served) => letIn(came.length > 3 ? served : old) };
  const plan = { ...prepared.plan, gateway: "reload" } as const;
  const { proofs } = await change(world, { ...prepared, plan });
  expect(proofs.map(({ state }) => state)).toEqual(["proven"]);
});
