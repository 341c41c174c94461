/** Finds and describes the listeners of a host. */
import { visible } from "../../base/index.ts";
import type { ListenerFact } from "../host-facts.ts";

/** Listeners on a TCP port. */
export function listenersOn(
  { listeners }: { readonly listeners: readonly ListenerFact[] },
  port: number,
): ListenerFact[] {
  return listeners.filter((listener) => listener.port === port);
}

/** Processes named for one socket: it can have hundreds. */
const MAX_SHOWN = 5;
/** Maximum length of a process's or unit's name. The kernel's names have 15 characters, systemd's 255. */
const MAX_NAME = 255;

/** `[::]:2376 is held by dockerd (pid 42, docker.service)`; safe to print. */
export function describeListener({ address, holders }: ListenerFact): string {
  const names = holders.slice(0, MAX_SHOWN).map(({ pid, command, unit }) => {
    const from = unit ? `, ${unit.slice(0, MAX_NAME)}` : "";
    return `${command.slice(0, MAX_NAME)} (pid ${pid}${from})`;
  });
  const more = holders.length > MAX_SHOWN ? [`${holders.length - MAX_SHOWN} more`] : [];
  const all = [...names, ...more].join(" and ") || "a process that cannot be seen";
  return visible(`${address} is held by ${all}`);
}
