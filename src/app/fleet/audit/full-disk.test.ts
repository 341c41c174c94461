/** A host that gives as much as is taken must not fill the operator's disk, nor keep the others' records out. */
import { expect, test } from "vitest";
import { FleetHost, fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { joinHosts } from "../fleet.ts";
import { type FleetAuditPorts, fetchFleetAudit } from "./fleet-audit.ts";

const MIB = 1024 ** 2;
const PIECE = Buffer.alloc(MIB).toString("base64");

/** @param files of `bytes` each, of which a piece has 1 MiB */
function giving(host: FleetHost, files: number, bytes: number): void {
  const answer = FleetHost.prototype.answer.bind(host);
  const names = Array.from({ length: files }, (_, at) => `reads-${`${at + 1}`.padStart(8, "0")}.jsonl`);
  host.answer = async (call) => {
    if (call.path === "audit/files") return { files: names.map((name) => ({ name, bytes })) };
    return call.path.startsWith("audit/files/") ? { size: bytes, bytes: PIECE } : answer(call);
  };
}

/** @param old bytes of a file that was copied before */
async function stage(size: number, old = 0) {
  const { ports, host } = await fleetStage("liar", "fine");
  await joinHosts(ports, undefined, ["liar", "fine"]);
  giving(host("liar"), 1000, 64 * MIB);
  giving(host("fine"), 1, 4 * MIB);
  let free = size;
  const copies = { liar: new Map([["audit-00000001.jsonl", old]]), fine: new Map<string, number>() };
  const auditCopy = (_fleet: string, of: keyof typeof copies) => ({
    path: `/copies/${of}`,
    sizes: async () => new Map(copies[of]),
    header: async () => undefined,
    room: async () => ({ free, size }),
    write: async (name: string, at: number, { length }: Buffer) => {
      copies[of].set(name, at + length);
      free -= length;
    },
    check: async () => [],
  });
  const all = { ...ports, auditCopy } as unknown as FleetAuditPorts;
  const fetch = async (of: string) => (await fetchFleetAudit(all, { fleet: undefined, host: of })).hosts[0];
  return { fetch, free: () => free };
}

test("it is left before the disk is full, each time; a host that gives little is not", async () => {
  const { fetch, free } = await stage(200 * MIB);
  for (const _ of [1, 2, 3]) {
    const noRoom = { code: "FILE_FAILED", hints: [expect.stringContaining("du -sh /copies/liar")] };
    expect(await fetch("liar")).toMatchObject({ fetched: { more: true, noRoom } });
    expect(free()).toBe(19 * MIB);
  }
  expect(await fetch("fine")).toMatchObject({ fetched: { bytes: 4 * MIB, more: false, noRoom: null } });
});

test("its copies have 16 GiB at most, however much room there is", async () => {
  const { fetch, free } = await stage(1e15, (16 * 1024 - 8) * MIB);
  const noRoom = { message: "no more of its log is copied: the copy has 16.0 GiB, the most of one host" };
  for (const added of [8 * MIB, 0]) {
    expect(await fetch("liar")).toMatchObject({ fetched: { more: true, noRoom, bytes: added } });
    expect(1e15 - free()).toBe(8 * MIB);
  }
});
