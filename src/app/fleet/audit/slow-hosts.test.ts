/** How long an audit takes where a host gives its log as slowly as it may: a day would not be enough. */
import { expect, test } from "vitest";
import { type FleetHost, fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { MINUTE_MS, SECOND_MS } from "../../../base/index.ts";
import { joinHosts } from "../fleet.ts";
import { type FleetAuditPorts, fetchFleetAudit } from "./fleet-audit.ts";

const PIECE_BYTES = 64 * 1024;
const NAME = "audit-00000001.jsonl";
const place = { fleet: undefined, host: undefined };

/** Its log is endless, or has one piece. @param take passes the time that a piece takes */
function giving(host: FleetHost, bytes: number, take: () => void): void {
  const { answer } = host;
  host.answer = async (call) => {
    if (call.path === "audit/files") return { files: [{ name: NAME, bytes }] };
    if (!call.path.startsWith("audit/files/")) return answer.call(host, call);
    take();
    return { size: bytes, bytes: Buffer.alloc(PIECE_BYTES).toString("base64") };
  };
}

async function stage() {
  const { ports, host } = await fleetStage("slow", "fine");
  await joinHosts(ports, undefined, ["slow", "fine"]);
  const from = Date.now();
  let now = from;
  giving(host("slow"), 1e12, () => {
    now += 17 * SECOND_MS;
  });
  giving(host("fine"), PIECE_BYTES, () => {});
  const copies = new Map<string, number>();
  const auditCopy = (_fleet: string, of: string) => ({
    sizes: async () => new Map(copies.has(of) ? [[NAME, copies.get(of) ?? 0]] : []),
    header: async () => undefined,
    room: async () => ({ free: 1e12, size: 1e12 }),
    write: async (_name: string, at: number, { length }: Buffer) => void copies.set(of, at + length),
    check: async () => [],
  });
  const all = { ...ports, clock: () => now, auditCopy } as unknown as FleetAuditPorts;
  return { ports: all, passed: () => now - from };
}

test("it is left after ten minutes, and the next fetch goes on; the others' logs are whole", async () => {
  const { ports, passed } = await stage();
  const { hosts } = await fetchFleetAudit(ports, place);
  expect(passed()).toBeLessThan(11 * MINUTE_MS);
  expect(hosts).toMatchObject([
    { host: "slow", fetched: { more: true, bytes: 36 * PIECE_BYTES } },
    { host: "fine", fetched: { more: false, bytes: PIECE_BYTES } },
  ]);
  const again = await fetchFleetAudit(ports, place);
  expect(again.hosts).toMatchObject([
    { fetched: { more: true, bytes: 36 * PIECE_BYTES } },
    { fetched: { bytes: 0 } },
  ]);
});

test("so is one that has very many files, and gives nothing of each", async () => {
  const { ports, host } = await fleetStage("slow");
  await joinHosts(ports, undefined, ["slow"]);
  const files = Array.from({ length: 20_000 }, (_, at) => ({
    name: `audit-${`${at + 1}`.padStart(8, "0")}.jsonl`,
    bytes: 1e9,
  }));
  let [now, asked] = [Date.now(), 0];
  host("slow").answer = async ({ path }) => {
    if (path === "audit/files") return { files };
    [now, asked] = [now + 14 * SECOND_MS, asked + 1];
    return { size: 1e9, bytes: "" };
  };
  const auditCopy = () => ({
    sizes: async () => new Map(),
    header: async () => undefined,
    room: async () => ({ free: 1e12, size: 1e12 }),
  });
  const all = { ...ports, clock: () => now, auditCopy } as unknown as FleetAuditPorts;
  const { hosts } = await fetchFleetAudit(all, place);
  expect(hosts).toMatchObject([{ fetched: { more: true, files: 0 } }]);
  expect(asked).toBe(43);
});
