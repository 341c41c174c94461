/** Who gets in over one TCP port, as the probes from outside showed. */

import type { EndpointReport } from "../doctor/index.ts";
import { admits, classifyEndpoint, seenBy } from "../doctor/index.ts";
import { outcomeOf } from "../engine/index.ts";
import { ACCESSES, type Way } from "./topology.ts";

function openWay(report: EndpointReport): Way | null {
  const plain = seenBy(report, "plain");
  if (plain && outcomeOf("plain", plain) === "admitted")
    return { who: "anybody", access: "open", says: "OPEN: in the clear" };
  if (admits(report, "none")) return { who: "anybody", access: "open", says: "OPEN: no certificate needed" };
  if (admits(report, "untrusted"))
    return { who: "anybody", access: "open", says: "OPEN: any certificate will do" };
  if (admits(report, "unlisted"))
    return { who: "holders of certificates", access: "open", says: "OPEN: listed or not" };
  return null;
}

/** Whether the host itself said no; else there was no route to it, no name, or no answer, which shows nothing about it. */
export function isRefused({ probes }: EndpointReport): boolean {
  return probes.some(({ seen }) => seen.kind === "unreachable" && ["refused", "reset"].includes(seen.cause));
}

function closedWay(report: EndpointReport): Way {
  const says = isRefused(report) ? "refused from here" : "not reached from here";
  return { who: "nobody", access: "blocked", says };
}

function wayOf(report: EndpointReport, gateway: boolean): Way {
  const says = gateway ? "others only if listed" : "others are refused";
  const open = openWay(report);
  if (open) return open;
  switch (classifyEndpoint(report)) {
    case "docker":
    case "guarded":
      return admits(report, "line")
        ? { who: "your certificate", access: "guarded", says }
        : { who: "holders of certificates", access: "guarded", says };
    case "closed":
      return closedWay(report);
    case "silent":
      return { who: "anybody", access: "unknown", says: "accepts, but no answer" };
    case "other":
      return { who: "anybody", access: "unknown", says: "not Docker" };
  }
}

/**
 * The worst that was seen on any of the host's addresses.
 * @param reports of one port
 * @param gateway whether a gateway stands there, whose list says who else gets in
 * @param loopback whether the socket is bound to the host's own loopback: then nobody outside is concerned
 */
export function tcpWay(reports: readonly EndpointReport[], loopback: boolean, gateway: boolean): Way {
  if (loopback) return { who: "local users", access: "unknown", says: "on the host's loopback only" };
  const ways = reports.map((report) => wayOf(report, gateway));
  const worst = ACCESSES.flatMap((access) => ways.find((way) => way.access === access) ?? [])[0];
  return worst ?? { who: "anybody", access: "unknown", says: "not tried from outside" };
}
