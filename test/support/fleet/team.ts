/** Two operators of a fleet with a store and a host, in memory, each with a machine of their own. */
import { createPrivateKey } from "node:crypto";
import {
  addFleetClient,
  addOperator,
  type FleetPorts,
  joinHosts,
  openShared,
  operatorPublicKey,
  setStore,
} from "../../../src/app/fleet/index.ts";
import { makeOperatorKey, operatorOf } from "../../../src/fleet/index.ts";
import { makeKeyPair } from "../../../src/pki/index.ts";
import { memoryFleets } from "./fleet-stage.ts";
import { at, storeStage } from "./store-stage.ts";

/** The public half of another operator's key. */
export const operatorPem = () => {
  const key = createPrivateKey(makeOperatorKey());
  const spki = operatorOf(key, null).publicKey;
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(`302a300506032b6570032100${spki}`, "hex").toString("base64")}\n-----END PUBLIC KEY-----\n`;
};

/** A client with a new key. */
export const enrol = (ports: FleetPorts, name: string, delivered: unknown[] = []) =>
  addFleetClient(
    ports,
    undefined,
    { name, role: "viewer", publicKey: makeKeyPair().publicKey, expiresIn: undefined },
    async (issued) => void delivered.push(issued),
  );

/** Anna and Ben have a machine each; both have lines to the host, and the store. */
export async function team() {
  const stage = await storeStage("one");
  const { ports: anna } = stage;
  const told: string[] = [];
  const ben: FleetPorts = { ...anna, fleets: memoryFleets(), tell: (text) => void told.push(text) };
  await setStore(anna, undefined, at("web"));
  await joinHosts(anna, undefined, ["one"]);
  const publicKey = await operatorPublicKey(ben, "acme");
  let share = "";
  const added = await addOperator(anna, undefined, { name: "ben@desk", publicKey }, async (text) => {
    share = text;
  });
  const open = () => openShared(ben, share, "acme.json", (store) => store);
  return { ...stage, anna, ben, told, share, publicKey, added, open };
}
