/** An operator with stores in memory, which do what a test wants. */
import { SECOND_MS, TetherdockError } from "../../../src/base/index.ts";
import {
  type Ended,
  type FleetDocuments,
  type HostReceipt,
  type OperatedStore,
  type OperatorStore,
  readPublication,
  verifyDocuments,
} from "../../../src/fleet/index.ts";
import { fleetStage } from "./fleet-stage.ts";

export const at = (name: string): OperatedStore => ({
  address: { urls: [`https://${name}.example/acme`], ca: null },
  settings: name,
});

/** How long the store is waited for before a change: it answers at once here, or fails. */
const LOOKS_MS = [3 * SECOND_MS, 35 * SECOND_MS];

/** Stores by the name in their settings. */
export async function storeStage(...names: readonly string[]) {
  const made = await fleetStage(...names);
  const texts = new Map<string, string>();
  const state = {
    isAway: false,
    /** Writing works, as into the folder of a web server that is down. */
    isUnread: false,
    /** What is there once a list was published. */
    receipts: (_published: FleetDocuments | null): readonly HostReceipt[] => [],
    /** What comes after those. */
    later: [] as readonly HostReceipt[],
    admitted: [] as string[],
    expelled: [] as string[],
    ended: "ended" as Ended,
    /** What the store was told last. */
    onList: [] as readonly string[],
    /** Credentials whose end the store has lost. */
    lost: 0,
    opened: 0,
  };
  const late = Promise.withResolvers<void>();
  const openStore = async ({ settings }: OperatedStore): Promise<OperatorStore> => {
    state.opened += 1;
    return {
      async publish(text, _version, hosts) {
        if (state.isAway) throw new TetherdockError("FLEET_STORE_FAILED", "the store is away");
        texts.set(settings, text);
        if (hosts !== undefined) texts.set(`${settings} hosts`, hosts);
      },
      async propose(text) {
        if (state.isAway) throw new TetherdockError("FLEET_STORE_FAILED", "the store is away");
        if (text === null) texts.delete(`${settings} proposal`);
        else texts.set(`${settings} proposal`, text);
      },
      proposed: async () => texts.get(`${settings} proposal`) ?? null,
      publishedHosts: async () => texts.get(`${settings} hosts`) ?? null,
      published: async () => {
        if (state.isUnread) throw new TetherdockError("FLEET_STORE_FAILED", "cannot read the published list");
        return texts.get(settings) ?? null;
      },
      async *receipts() {
        const read = readPublication(texts.get(settings) ?? "");
        yield state.receipts("value" in read ? read.value : null);
        yield state.later;
      },
      ask: null,
      admit: async (host) => {
        if (state.isAway)
          throw new TetherdockError("FLEET_STORE_FAILED", `cannot make credentials for ${host}`);
        state.admitted.push(`${host} ${settings}`);
        return `${settings} ${host}`;
      },
      async expel(host) {
        state.expelled.push(host);
        return state.ended;
      },
      endAgain: async (hosts) => {
        state.onList = hosts;
        return state.lost;
      },
      close: async () => {
        state.opened -= 1;
      },
    };
  };
  const ports = {
    ...made.ports,
    openStore,
    pause: (ms: number) => {
      if (ms < SECOND_MS) return Promise.resolve();
      return LOOKS_MS.includes(ms) ? new Promise<void>(() => {}) : late.promise;
    },
  };
  const versionIn = async (name: string) => {
    const read = readPublication(texts.get(name) ?? "");
    const verified = "value" in read ? await verifyDocuments(null, read.value) : null;
    return verified && "view" in verified ? verified.view.version : 0;
  };
  return { ...made, ports, texts, state, versionIn, tooLate: late.resolve };
}
