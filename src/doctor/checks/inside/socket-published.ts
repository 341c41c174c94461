import { shellQuote, visible } from "../../../base/index.ts";
import { formatEndpoint } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { isOpen } from "../../listening.ts";
import { publications } from "./published-socket.ts";

/** A container that forwards a published port to docker.sock. */
export const socketPublished = defineCheck({
  id: "socket-published",
  states: "no container exposes the engine's socket to the network",
  needs: ["inside", "outside"],
  severity: "high",
  consequence:
    "this bypasses dockerd's TLS and, because docker publishes the port itself, the host's firewall",
  reference: "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
  run: (subject) =>
    publications(subject)
      .filter(({ served }) => served.length > 0)
      .map(({ container: { name, image }, served }) => ({
        where: visible(`container ${name}`),
        says: visible(
          `container ${name} serves the engine's socket on TCP ${[...new Set(served.map(({ endpoint }) => endpoint.port))].join(", ")}`,
        ),
        evidence: [
          visible(`image ${image}, with docker.sock mounted`),
          ...served.map(({ endpoint }) => `${formatEndpoint(endpoint)} answers as Docker`),
        ],
        fix: [`docker rm -f ${shellQuote(visible(name))}   # on the host, or over the line`],
        severity: served.some(isOpen) ? "critical" : "high",
      })),
});
