import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";
import { publications } from "./published-socket.ts";

/** A container with docker.sock is root on the host, read-only mount or not. */
export const containerMountsSocket = defineCheck({
  id: "container-mounts-socket",
  states: "no container mounts the engine's socket",
  needs: ["inside"],
  severity: "high",
  consequence: "anybody who compromises the container or its image is root on the host",
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
  run: (subject) =>
    publications(subject)
      // the others are socket-published
      .filter(({ served }) => served.length === 0)
      .map(({ container: { name, image, publishedPorts } }) => ({
        where: visible(`container ${name}`),
        says: visible(`container ${name} mounts the engine's socket`),
        evidence: [
          visible(`image ${image}`),
          ...(publishedPorts.length > 0 ? [`publishes TCP ${publishedPorts.join(", ")}`] : []),
        ],
        fix: [
          `docker inspect -f '{{json .Mounts}}' ${shellQuote(visible(name))}`,
          `docker rm -f ${shellQuote(visible(name))}   # then start it without the socket, if it does not need it`,
        ],
      })),
});
