/** Who is waited for when a list is brought to hosts: a line that hangs does not hold up a host whose receipt is here. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { fleetStage } from "../../../test/support/fleet/fleet-stage.ts";
import {
  accepted,
  fleetList,
  makeOperator,
  sampleReceipt,
  signNext,
} from "../../../test/support/fleet/sample-fleet.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import {
  type FleetHost,
  type HostReceipt,
  listDigest,
  type OperatedFleet,
  type OperatorStore,
  receiptKeyOf,
  signStatement,
} from "../../fleet/index.ts";
import { bringList } from "./bring-list.ts";
import { joinHosts } from "./fleet.ts";
import { publish } from "./open-fleet.ts";
import type { FleetPorts } from "./ports.ts";
import { missing } from "./results.ts";

const HOSTS = 20;
const names = Array.from({ length: HOSTS }, (_, at) => `host-${at}`);
const ca = fleetList().ca;
const [key, receiptKey] = [makeOperator(), makeOperator()];
const hosts: FleetHost[] = names.map((name) => ({
  ...{ name, address: "192.0.2.1", port: 2376, ca },
  receiptKey: receiptKeyOf(receiptKey),
}));
const signed = await accepted(null, signNext(null, key, fleetList({ hosts })));
const fleet: OperatedFleet = {
  ...{ name: "acme", operatorKey: "", ca: { certificate: ca, privateKey: "" } },
  kept: { ...signed, revoked: [] },
  store: { address: { urls: ["nats://nats.example"], ca: null }, settings: "" },
};

const receiptOf = (host: string): HostReceipt => {
  const said = sampleReceipt(host, 1, { list: listDigest(signed.documents) });
  return { ...said, signature: signStatement(signed.documents, said, receiptKey) };
};

/** Lines that never answer. @param receipts those that come */
function stage(receipts: readonly HostReceipt[]) {
  const lines = new MemoryLines();
  for (const [at, name] of names.entries())
    lines.keep(sampleLine({ name, id: String(at).padStart(16, "f"), address: `192.0.2.${at + 1}` }), {
      ...{ "docker/ca.pem": ca, "docker/cert.pem": "", "docker/key.pem": "" },
    });
  const store = {
    publish: async () => {},
    endAgain: async () => 0,
    async *receipts(_: readonly string[], signal: AbortSignal) {
      yield [];
      yield receipts;
      if (!signal.aborted) await once(signal, "abort");
    },
    close: async () => {},
  } as unknown as OperatorStore;
  let hanging = 0;
  let calls = 0;
  const ports = {
    ...{ lines, env: {}, openStore: async () => store },
    gateway: {
      async call(_: unknown, { signal }: { signal?: AbortSignal }) {
        hanging += 1;
        calls += 1;
        await once(signal as AbortSignal, "abort");
        hanging -= 1;
        throw signal?.reason;
      },
    },
    async pause(ms: number, signal: AbortSignal) {
      if (ms > SECOND_MS && !signal.aborted) await once(signal, "abort");
    },
  } as unknown as FleetPorts;
  return { ports, hanging: () => hanging, calls: () => calls };
}

test("hosts whose lines hang are done as soon as their receipts are here, and the lines are given up", async () => {
  const { ports, hanging, calls } = stage(names.map((host) => receiptOf(host)));
  const brought = await bringList(ports, fleet);
  expect(brought.hosts).toEqual(names.map((host) => ({ host, stored: receiptOf(host), doubt: null })));
  await expect.poll(hanging).toBe(0);
  // The others had receipts before it was their lines' turn.
  expect(calls()).toBe(8);
});

test("a store that is away does not hold the lines up", async () => {
  const { ports, host } = await fleetStage("one");
  const { fleet: joined } = await joinHosts(ports, undefined, ["one"]);
  const { kept } = await publish(ports, joined, { list: joined.kept.view.list });
  const store = {
    async publish() {
      await expect.poll(() => host("one").kept?.timestamp).toBe(kept.documents.timestamp);
      throw new TetherdockError("FLEET_STORE_FAILED", "the store is away");
    },
    receipts: () => null,
    close: async () => {},
  } as unknown as OperatorStore;
  const opening = { ...ports, openStore: async () => store };
  const brought = await bringList(opening, { ...joined, kept, store: fleet.store });
  expect(brought.storeError).toMatchObject({ code: "FLEET_STORE_FAILED" });
  expect(brought.hosts).toMatchObject([{ host: "one", fleet: { version: 3 } }]);
});

test("a receipt that the host's gateway has not signed is waited past, and does not overrule the host's own refusal", async () => {
  const { ports, host } = await fleetStage("one", "two", "three");
  const { fleet: joined } = await joinHosts(ports, undefined, ["one", "two", "three"]);
  // The first host has left for another fleet; the second is away; the third does not serve this client's calls any more.
  const three = host("three").kept;
  host("one").kept = signNext(null, makeOperator(), fleetList());
  host("two").isAway = true;
  const { kept } = await publish(ports, joined, { list: joined.kept.view.list });
  host("three").kept = three && kept.documents;
  const batches = [
    ["one", "two"].map((name) => sampleReceipt(name, 3)),
    [
      { ...sampleReceipt("two", 3), signature: `${"A".repeat(86)}==` },
      host("three").sign(sampleReceipt("three", 3)),
    ],
  ];
  const store = {
    publish: async () => {},
    endAgain: async () => 0,
    async *receipts(_: readonly string[], signal: AbortSignal) {
      // The lines have answered by then.
      await once(signal, "abort", { signal: AbortSignal.timeout(200) }).catch(() => {});
      yield* batches;
    },
    close: async () => {},
  } as unknown as OperatorStore;
  const { call } = ports.gateway;
  const forbidding: FleetPorts["gateway"] = {
    ...ports.gateway,
    call: async (access, asked, reader) => {
      if (access.line === "three") throw new TetherdockError("GATEWAY_REFUSED", "only an admin may");
      return call(access, asked, reader);
    },
  };
  const pause = async (_: number, signal: AbortSignal) => void (await once(signal, "abort"));
  const opening = { ...ports, gateway: forbidding, pause, openStore: async () => store };
  const brought = await bringList(opening, { ...joined, kept, store: fleet.store });
  expect(brought.hosts).toMatchObject([
    { host: "one", error: { code: "GATEWAY_REFUSED" } },
    { host: "two", stored: { inForce: 3 }, doubt: "wrong-signature" },
    { host: "three", stored: { inForce: 3 }, doubt: null },
  ]);
  expect(missing({ ...joined, kept }, brought.hosts)).toMatchObject({
    why: [
      expect.stringMatching(/^one: /),
      "two: its receipt is not signed by its gateway, and confirms nothing",
    ],
    hints: [
      expect.stringMatching(/^tetherdock upgrade two /),
      expect.stringMatching(/^tetherdock fleet join two --fleet acme /),
    ],
  });
});

test("receipts are listened for before the list is published: a host may be faster than the store's answer", async () => {
  const { ports } = stage([]);
  let isHeard = false;
  let heard: readonly HostReceipt[] = [];
  const store = {
    publish: async () => {
      if (isHeard) heard = names.map(receiptOf);
    },
    endAgain: async () => 0,
    receipts(_: readonly string[], signal: AbortSignal) {
      isHeard = true;
      return (async function* () {
        yield [];
        yield heard;
        if (!signal.aborted) await once(signal, "abort");
      })();
    },
    close: async () => {},
  } as unknown as OperatorStore;
  const brought = await bringList({ ...ports, openStore: async () => store }, fleet);
  expect(missing(fleet, brought.hosts)).toBeNull();
});
