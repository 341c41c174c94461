/** From the script's sections to what the host has of its fleet. */
import { type HostFacts, parseShow } from "../../facts/index.ts";
import type { FleetOnHost, FleetProcess } from "../subject.ts";

const SECOND_US = 1_000_000;

function parseList(text: string): FleetOnHost["list"] {
  const [, version, until] = /^(\d{1,15}) (\d{1,15})$/.exec(text.trim()) ?? [];
  return version === undefined ? null : { version: Number(version), until: Number(until) };
}

function parseProcess(text: (name: string) => string): FleetProcess {
  const show = parseShow(text("fleet-process"));
  const number = (key: string) => Number.parseFloat(show.get(key)?.[0] ?? "") || 0;
  const age = show.get("StoreAge")?.[0];
  const started = number("ActiveEnterTimestampMonotonic") / SECOND_US;
  return {
    state: show.get("ActiveState")?.[0] ?? "inactive",
    restarts: number("NRestarts"),
    upS: started === 0 ? null : Math.max(0, Math.round(number("Uptime") - started)),
    storeAgeS: age === undefined ? null : Number.parseInt(age, 10) || 0,
    said: {
      store: text("fleet-said-store").trim(),
      list: text("fleet-said-list").trim(),
      receipts: text("fleet-said-receipts").trim(),
    },
  };
}

/** @param text of a section; empty if there is none */
export function parseFleet({ gateway }: HostFacts, text: (name: string) => string): FleetOnHost {
  return {
    list: parseList(text("fleet-list")),
    process: gateway.fleet.usesStore ? parseProcess(text) : null,
  };
}
