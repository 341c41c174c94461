/** A list comes over an operator's line and from the store at the same moment. */
import { expect, test, vi } from "vitest";
import { fleetClient, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { FleetInForce } from "./fleet-in-force.ts";
import { type FleetParts, takeList } from "./take-list.ts";

async function stage() {
  const files = { path: "fleet.json", read: async () => undefined, write: async () => {} };
  const fleet = new FleetInForce(files, Date.now, { rolesAfterEnd: [] }, async () => {});
  const closing = Promise.withResolvers<void>();
  let cuts = 0;
  /** Closes what the first list shuts out, when the test lets it. */
  const during = async (_: null, work: () => Promise<unknown>) => {
    cuts += 1;
    const cut = cuts === 1 ? [{}] : [];
    const result = await work();
    if (cut.length > 0) await closing.promise;
    return { result, receipt: { cut, open: 0 } };
  };
  const clients = { clients: [fleetClient("root", { role: "admin" })] };
  const parts = { gateway: { cuts: { during }, note: () => {} }, fleet, clients } as unknown as FleetParts;
  const documents = await signNext(null, makeOperator(), fleetList({}));
  return { parts, documents, closing };
}

test("whoever brings it second is told what the first one closed, once it is closed", async () => {
  const { parts, documents, closing } = await stage();
  const first = takeList(parts, documents, "anna");
  await vi.waitFor(() => expect(parts.fleet.kept).not.toBeNull());
  let isTold = false;
  const second = takeList(parts, documents, null).finally(() => {
    isTold = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isTold).toBe(false);
  closing.resolve();
  expect(await first).toMatchObject({ refused: null, receipt: { cut: [{}] } });
  expect(await second).toEqual(await first);
});

test("whoever brings a refused list second is told what its revocations closed", async () => {
  const { parts, documents, closing } = await stage();
  const accept = async () => ({ refused: "its version is old", revoked: 1 });
  Object.assign(parts.fleet, { accept });
  const [first, second] = [takeList(parts, documents, "anna"), takeList(parts, documents, null)];
  closing.resolve();
  expect((await second).refused).toContain("closed 1 connection");
  expect(await second).toEqual(await first);
  const other = { ...documents, timestamp: `${documents.timestamp} ` };
  expect((await takeList(parts, other, null)).refused).toContain("closed 0 connections");
});

test("a minute later it has closed nothing", async () => {
  const { parts, documents, closing } = await stage();
  closing.resolve();
  await takeList(parts, documents, "anna");
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
  expect(await takeList(parts, documents, "anna")).toMatchObject({ receipt: { cut: [] } });
  vi.restoreAllMocks();
});
