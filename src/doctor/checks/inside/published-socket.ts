/** Which containers pass the engine's socket on to the network: what two checks ask. */

import type { SubjectWith } from "../../check.ts";
import { classifyEndpoint } from "../../endpoint-view.ts";
import type { EndpointReport, SocketContainerFact } from "../../subject.ts";

/** A container with the socket, and the endpoints of its published ports that answer as Docker. */
export interface Publication {
  readonly container: SocketContainerFact;
  readonly served: readonly EndpointReport[];
}

/** @returns one for each running container that has the socket mounted */
export function publications({ inside, endpoints }: SubjectWith<"inside">): Publication[] {
  return inside.containers
    .filter(({ mountsSocket }) => mountsSocket)
    .map((container) => ({
      container,
      served: endpoints.filter(
        (report) =>
          container.publishedPorts.includes(report.endpoint.port) && classifyEndpoint(report) === "docker",
      ),
    }));
}
