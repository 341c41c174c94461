/** An operator with lines to hosts that verify what they get: the ports of `fleet` without a network. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect } from "vitest";
import { initFleet } from "../../../src/app/fleet/fleet.ts";
import type { FleetPorts } from "../../../src/app/fleet/ports.ts";
import { json, TetherdockError } from "../../../src/base/index.ts";
import {
  type FleetDocuments,
  type FleetFolders,
  type HostReceipt,
  isOperator,
  listDigest,
  makeOperatorKey,
  type OperatedFleet,
  receiptKeyOf,
  signStatement,
  verifyDocuments,
} from "../../../src/fleet/index.ts";
import type { GatewayAccess, GatewayCall } from "../../../src/gateway/index.ts";
import { makeAuthority } from "../../../src/pki/index.ts";
import { MemoryLines } from "../app/lines.ts";
import { sampleLine } from "../sample-line.ts";

/** The CA of every line. */
export const { certificate: lineCa } = await makeAuthority({ subject: "line", now: Date.now() });

/** A host that verifies what it gets, as a gateway does. */
export class FleetHost {
  kept: FleetDocuments | null = null;
  isAway = false;
  roles: readonly string[] = [];
  /** Its gateway knows no roles of a fleet. */
  isOlder = false;
  /** What it was told about the store. */
  link: unknown = null;
  /** It asks the gateway for the first time after so many questions of the operator; null: it is not installed. */
  processAfter: number | null = null;
  /** null: it has a tetherdock that signs no receipts. */
  receiptKey: KeyObject | null = generateKeyPairSync("ed25519").privateKey;

  async answer({ method, path, body }: GatewayCall): Promise<unknown> {
    if (path === "roles") return { roles: this.roles.map((name) => ({ name, extends: "viewer" })) };
    if (this.isAway) throw new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer");
    if (method === "DELETE") this.kept = null;
    if (method === "PUT" && path === "fleet/store") this.link = body;
    if (method === "PUT" && path === "fleet") {
      const verified = await verifyDocuments(this.kept, body as FleetDocuments);
      if ("refused" in verified) throw new TetherdockError("GATEWAY_REFUSED", verified.refused);
      this.kept = verified.documents;
    }
    const view = this.kept && (await verifyDocuments(this.kept, this.kept));
    const list = this.kept && listDigest(this.kept);
    const fleet = view &&
      "view" in view && { name: view.view.list.name, version: view.view.version, list, until: "" };
    if (this.processAfter !== null && this.link !== null) this.processAfter -= 1;
    const isRunning = this.processAfter !== null && this.processAfter < 0;
    const process = isRunning ? { at: 1, store: null, noReceipt: null } : null;
    const link = this.link === null ? null : { process };
    const roles = this.isOlder ? {} : { roles: { hidden: [], unusable: [] } };
    const receiptKey = this.receiptKey && receiptKeyOf(this.receiptKey);
    return { fleet: fleet ? { ...fleet, hidden: [], withoutRole: [], link, ...roles } : null, receiptKey };
  }

  /** What its gateway would sign. @param kept what it has in force */
  sign(receipt: HostReceipt, kept = this.kept): HostReceipt {
    const { receiptKey } = this;
    if (kept === null || receiptKey === null) return receipt;
    const said = { ...receipt, list: listDigest(kept) };
    return { ...said, signature: signStatement(kept, said, receiptKey) };
  }
}

/** The fleets of one machine. */
export function memoryFleets(): FleetFolders {
  const kept = new Map<string, OperatedFleet>();
  const proposals = new Map<string, string>();
  const future = makeOperatorKey();
  const of = (name: string) => kept.get(name) ?? expect.fail(name);
  return {
    list: async () => [...kept.keys()].toSorted(),
    read: async (name) => {
      const { nextKey, ...fleet } = of(name);
      const isReplaced = nextKey !== undefined && isOperator(fleet.kept.documents, nextKey);
      return isReplaced ? { ...fleet, operatorKey: nextKey } : of(name);
    },
    create: async (fleet) => void kept.set(fleet.name, fleet),
    setStore: async (name, store) => void kept.set(name, { ...of(name), store }),
    changeSettings: async (name, change) => {
      const { store } = of(name);
      if (store !== null)
        kept.set(name, { ...of(name), store: { ...store, settings: change(store.settings) } });
    },
    setOperatorKey: async (name, operatorKey, nextKey) =>
      void kept.set(name, { ...of(name), operatorKey, nextKey: nextKey ?? undefined }),
    futureKey: async () => future,
    forgetFutureKey: async () => {},
    proposal: async (name) => proposals.get(name) ?? null,
    setProposal: async (name, text) =>
      void (text === null ? proposals.delete(name) : proposals.set(name, text)),
    publish: async (name, next) => void kept.set(name, { ...of(name), kept: next }),
  };
}

export async function fleetStage(...names: readonly string[]) {
  const lines = new MemoryLines();
  const hosts = new Map(names.map((name) => [name, new FleetHost()]));
  for (const [at, name] of names.entries()) {
    const line = sampleLine({ name, id: String(at).padStart(16, "f"), address: `192.0.2.${at + 1}` });
    lines.keep(line, { "docker/ca.pem": lineCa, "docker/cert.pem": "", "docker/key.pem": "" });
  }
  const told: string[] = [];
  let calls = 0;
  let most = 0;
  const ports: FleetPorts = {
    ...{ lines, env: {}, clock: Date.now, pause: async () => {}, tell: (text) => void told.push(text) },
    operator: () => "anna@laptop",
    passphrase: () => expect.fail("no key is encrypted"),
    newPassphrase: () => expect.fail("no key is encrypted"),
    openStore: () => expect.fail("there is no store"),
    gateway: {
      async call<T>({ line }: GatewayAccess, call: GatewayCall, reader: json.Read<T>) {
        most = Math.max(most, ++calls);
        await new Promise(setImmediate);
        try {
          const answer = await (hosts.get(line) ?? expect.fail(line)).answer(call);
          const read = json.read(JSON.stringify(answer), reader);
          return "value" in read ? read.value : expect.fail(read.problems.join());
        } finally {
          calls -= 1;
        }
      },
      lines: () => expect.fail("no lines are asked for"),
    },
    fleets: memoryFleets(),
  };
  await initFleet(ports, "acme");
  return {
    ports,
    told,
    lines,
    hosts,
    host: (name: string) => hosts.get(name) as FleetHost,
    most: () => most,
  };
}
