/** What prevents an undo, and every way in which it can end. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import {
  carrying,
  type DownWorld,
  downRequest,
  downWorld,
  told,
  VPS,
} from "../../../test/support/app/down-world.ts";
import { failed, lost } from "../../../test/support/app/fake-host.ts";
import { hostFacts, runningGateway } from "../../../test/support/host-facts.ts";
import { TetherdockError } from "../../base/index.ts";
import { GATEWAY_LOGS, type HostFacts, type TransactionFact } from "../../facts/index.ts";
import { down } from "./down.ts";
import type { DownRequest } from "./request.ts";

async function attempt(over: Partial<DownRequest>, set: (world: DownWorld) => void = () => {}) {
  const world = downWorld();
  set(world);
  const error = await down(world.ports, downRequest(over)).then(
    () => null,
    (thrown: unknown) => thrown as TetherdockError,
  );
  return { world, error, isForgotten: !world.lines.kept.has("vps"), ran: world.host.ran };
}

const carries =
  (more: Partial<TransactionFact>) =>
  ({ host }: DownWorld) => {
    host.state = carrying(VPS, host.publicKey, more);
  };

const edited = carries({
  entries: [{ path: "/etc/tetherdock/ca.pem", before: "absent", after: "sum", now: "other" }],
});
const wasOpen = ({ host }: DownWorld) => {
  host.state = carrying(VPS, host.publicKey);
  const [first] = host.state.transactions;
  if (first?.about) Object.assign(first.about, { exposedPorts: [2375] });
};

describe("an undo", () => {
  test("that fails keeps the line and suggests the next command", async () => {
    const { error, isForgotten } = await attempt({ yes: true }, ({ host }) => {
      host.endings["undo-all"] = failed(1, "cp: no space left on device\n");
    });
    expect(error).toMatchObject({
      code: "HOST_UNDO_FAILED",
      exitStatus: 5,
      why: ['"cp: no space left on device"'],
      hints: [
        expect.stringMatching(/^journalctl /),
        expect.stringMatching(/^tetherdock down vps --accept-host vps /),
      ],
    });
    expect(isForgotten).toBe(false);
  });

  test.each(["HOST_CONNECTION_LOST", "HOST_TIMEOUT"] as const)(
    "whose result is unknown (%s) says so, and keeps the line",
    async (code) => {
      const { error, isForgotten } = await attempt({ argument: "core@vps", yes: true }, ({ host }) => {
        host.endings["undo-all"] = () => {
          throw new TetherdockError(code, "the host is gone");
        };
      });
      expect(error).toMatchObject({
        code,
        exitStatus: 5,
        why: [expect.stringContaining("not known"), expect.any(String)],
      });
      expect(error?.hints).toEqual([expect.stringMatching(/^tetherdock down vps --accept-host vps /)]);
      expect(isForgotten).toBe(false);
    },
  );

  test("of a host without a line here suggests its destination", async () => {
    const { error } = await attempt({ argument: "root@elsewhere", yes: true }, ({ host }) => {
      host.state = carrying(VPS, null);
      host.endings["undo-all"] = lost;
    });
    expect(error?.hints).toEqual([expect.stringMatching(/^tetherdock down root@elsewhere /)]);
  });

  test("that ends with a bug passes it on as it is", async () => {
    const bug = new Error("a bug");
    const { error, isForgotten } = await attempt({ yes: true }, ({ host }) => {
      host.endings["undo-all"] = () => {
        throw bug;
      };
    });
    expect(error).toBe(bug);
    expect(isForgotten).toBe(false);
  });

  test("does not start after Ctrl-C", async () => {
    const { error, ran } = await attempt({}, (world) => {
      world.answer = () => {
        world.interrupt();
        return true;
      };
    });
    expect(error).toMatchObject({ code: "INTERRUPTED" });
    expect(ran).not.toContain("undo-all");
  });

  test("that the user declines changes nothing", async () => {
    const { error, isForgotten, ran } = await attempt({}, (world) => {
      world.answer = false;
    });
    expect(error).toMatchObject({ code: "INTERRUPTED", message: "nothing was changed" });
    expect([isForgotten, ran.includes("undo-all")]).toEqual([false, false]);
  });
});

describe("a file that somebody changed after up", () => {
  test("is a conflict after the plan is shown, and the hint repeats the command with --force", async () => {
    const { error, world, isForgotten } = await attempt({ acceptHost: "vps" }, edited);
    expect(error).toMatchObject({
      code: "DOWN_CONFLICT",
      why: ["/etc/tetherdock/ca.pem", expect.any(String)],
      hints: ["tetherdock down vps --accept-host vps --force"],
    });
    expect(told(world)).toContain("plan");
    expect([isForgotten, world.asked]).toEqual([false, []]);
  });
  test("is told by a dry run, which ends as the same command without it would", async () => {
    const dry = async (over: Partial<DownRequest>) => {
      const world = downWorld();
      edited(world);
      const { plan, refused } = await down(world.ports, downRequest({ dryRun: true, ...over }));
      expect(plan?.conflicts).toEqual(["/etc/tetherdock/ca.pem"]);
      return refused;
    };
    expect(await dry({ yes: true })).toMatchObject({
      ...{ code: "DOWN_CONFLICT", exitStatus: 3 },
      hints: ["tetherdock down vps --yes --force"],
    });
    expect(await dry({ force: true })).toBeNull();
  });
  test("is replaced with --force", async () => {
    expect(await attempt({ force: true }, edited)).toMatchObject({ error: null, isForgotten: true });
  });
});

describe("an API that was open to everybody before up", () => {
  test("is not opened again with --yes alone", async () => {
    const { error, isForgotten } = await attempt({ yes: true, force: true }, wasOpen);
    expect(error).toMatchObject({
      code: "DOWN_EXPOSES",
      hints: ["tetherdock down vps --yes --force --reopen"],
    });
    expect(error?.why[0]).toContain("TCP 2375");
    expect(isForgotten).toBe(false);
    expect((await attempt({ yes: true }, wasOpen)).error?.hints).toEqual([
      "tetherdock down vps --yes --reopen",
    ]);
  });
  test("is told by a dry run with --yes", async () => {
    const world = downWorld();
    wasOpen(world);
    const request = downRequest({ dryRun: true, yes: true });
    expect((await down(world.ports, request)).refused).toMatchObject({ code: "DOWN_EXPOSES" });
  });
  test("is opened again with --reopen, or after a yes to the plan", async () => {
    expect(await attempt({ yes: true, reopen: true }, wasOpen)).toMatchObject({
      error: null,
      isForgotten: true,
    });
    expect(await attempt({}, wasOpen)).toMatchObject({ error: null, isForgotten: true });
  });
});

describe("nothing to undo", () => {
  const ofOurs = ({ host }: DownWorld, facts: HostFacts) => {
    host.state = { ...facts, ours: { ...facts.ours, publicKey: host.publicKey } };
  };
  test("on an unchanged host: down says so, and deletes the line", async () => {
    const { world, isForgotten, error } = await attempt({ acceptHost: "vps" }, ({ host }) => {
      host.state = hostFacts();
    });
    expect([error, isForgotten, told(world)]).toEqual([null, true, ["nothing-to-undo"]]);
    expect(world.events).toMatchObject([{ kind: "notice" }]);
  });
  test("but files of up are there without a journal: refused, also with --dry-run", async () => {
    for (const dryRun of [false, true]) {
      const { error, isForgotten } = await attempt({ dryRun }, (world) => ofOurs(world, hostFacts()));
      expect(error).toMatchObject({ code: "JOURNAL_GONE" });
      expect(error?.hints.at(-1)).toContain("tetherdock down vps --forget");
      expect(isForgotten).toBe(false);
    }
  });
  test("is also reported with --dry-run", async () => {
    const { world } = await attempt({ dryRun: true, acceptHost: "vps" }, ({ host }) => {
      host.state = hostFacts();
    });
    expect(told(world)).toEqual(["nothing-to-undo"]);
  });
});

test("a host with a gateway: its units stop, and the plan says that its log is deleted", async () => {
  const world = downWorld();
  const entries = [{ path: GATEWAY_LOGS, before: "tree", after: "directory", now: "directory" }] as const;
  world.host.state = { ...carrying(VPS, world.host.publicKey, { entries }), gateway: runningGateway };
  const result = await down(world.ports, downRequest({ yes: true }));
  expect(result.plan).toMatchObject({ gateway: true, removed: [GATEWAY_LOGS] });
  world.host.endings["undo-all"] = failed(1);
});

test("an open change is waited for or undone first; if it cannot be undone, down fails", async () => {
  const world = downWorld();
  const { host } = world;
  host.state = carrying(VPS, host.publicKey, { state: "pending", ownerAlive: false });
  host.onRun = (kind) => {
    if (kind === "settle") host.state = hostFacts();
  };
  world.answer = true;
  await down(world.ports, downRequest({ acceptHost: "vps" }));
  expect(told(world)).toEqual(["puts-back", "nothing-to-undo"]);

  const stuck = downWorld();
  stuck.host.state = carrying(VPS, null, { state: "pending", ownerAlive: true });
  const error = await failureOf(down(stuck.ports, downRequest()));
  expect(error).toMatchObject({ code: "HOST_UNDO_FAILED" });
  expect(told(stuck)).toEqual(["waits"]);
});

test.each([true, false])(
  "a dry run neither waits for an open change nor undoes it (in progress: %s)",
  async (ownerAlive) => {
    const { error, world, ran } = await attempt({ dryRun: true }, ({ host }) => {
      host.state = carrying(VPS, host.publicKey, { state: "pending", ownerAlive });
    });
    expect(error).toMatchObject({
      code: "HOST_BUSY",
      message: "a change by anna@laptop is open on the host",
    });
    expect([ran, told(world)]).toEqual([["facts"], []]);
  },
);

describe("a host that cannot be reached", () => {
  const gone = (world: DownWorld) => {
    world.unreachable = new TetherdockError("SSH_TIMEOUT", "no answer");
  };
  test("the hint is --forget, whether the host was named by line or destination", async () => {
    for (const argument of ["vps", "core@vps"]) {
      const { error, isForgotten } = await attempt({ argument }, gone);
      expect(error).toMatchObject({
        code: "SSH_TIMEOUT",
        hints: [expect.stringMatching(/^tetherdock down vps --forget /)],
      });
      expect(isForgotten).toBe(false);
    }
  });
  test("that refuses root is there: its line is not one to forget", async () => {
    const { error } = await attempt({ argument: "vps" }, (world) => {
      world.unreachable = new TetherdockError("SUDO_DENIED", "no");
    });
    expect(error).toMatchObject({ code: "SUDO_DENIED", hints: [] });
  });
  test("without a line here there is no hint", async () => {
    expect((await attempt({ argument: "root@new" }, gone)).error).toMatchObject({
      code: "SSH_TIMEOUT",
      hints: [],
    });
  });
});
