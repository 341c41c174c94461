/** Questions about the listeners of a host. */
import { visible } from "../../base/index.ts";
import type { ListenerFact } from "../host-facts.ts";

/** Listeners on a TCP port. */
export function listenersOn(
  { listeners }: { readonly listeners: readonly ListenerFact[] },
  port: number,
): ListenerFact[] {
  return listeners.filter((listener) => listener.port === port);
}

/** `[::]:2376 is held by dockerd (pid 42, docker.service)`; safe to print. */
export function describeListener({ address, holders }: ListenerFact): string {
  const names = holders.map(({ pid, command, unit }) => `${command} (pid ${pid}${unit ? `, ${unit}` : ""})`);
  return visible(`${address} is held by ${names.join(" and ") || "a process that cannot be seen"}`);
}
