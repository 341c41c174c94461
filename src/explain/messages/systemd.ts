/** systemd about docker.service and its sockets. */
import type { Message } from "../entry.ts";
import { masked, portTaken, serviceFailed, socketOrder, startLimit } from "../topics/daemon-start.ts";

const LIMIT = "https://github.com/systemd/systemd/commit/072993504e3e4206ae1019f5461a0372f7d82ddf";
const RESTART = "https://github.com/rancher/rancher/issues/10595";

export const systemd: readonly Message[] = [
  {
    id: "systemd-start-limit",
    says: "systemd",
    patterns: [
      /(?:docker[\w.@-]{0,40}: )?Start request repeated too quickly/,
      /Failed with result ["']start-limit-hit|\(Result: start-limit-hit\)/,
    ],
    source: LIMIT,
    example:
      "docker.service: Start request repeated too quickly.\ndocker.service: Failed with result 'exit-code'.",
    meaning: "The unit failed too often in a short time, and systemd stopped trying.",
    topic: startLimit,
  },
  {
    id: "systemd-listen-in-use",
    says: "systemd",
    patterns: [
      /docker[\w.@-]{0,40}: Failed to (?:listen on sockets|create listening socket[^\n]{0,80}): Address already in use/,
    ],
    source: `systemd/systemd src/core/socket.c; ${RESTART}`,
    example: "docker-tcp.socket: Failed to create listening socket ([::]:2376): Address already in use",
    meaning: "Another process holds the address of the socket unit.",
    topic: portTaken,
  },
  {
    id: "systemd-socket-order",
    says: "systemd",
    patterns: [
      /(?:Socket service docker\.service already active, refusing|docker[\w.@-]{0,40}: Socket service docker\.service already active, refusing)/,
    ],
    source: "https://github.com/coreos/bugs/issues/1362",
    example: "docker-tcp.socket: Socket service docker.service already active, refusing.",
    meaning: "The service that the socket belongs to is already running.",
    topic: socketOrder,
  },
  {
    id: "systemd-masked",
    says: "systemctl",
    patterns: [
      /Unit docker\.(?:service|socket) is masked/,
      /Unit (?:file )?\S{0,60}docker\.(?:service|socket) is masked/,
    ],
    source: "https://github.com/kubernetes/minikube/issues/4425",
    example: "Failed to start docker.service: Unit docker.service is masked.",
    meaning: "The unit is linked to /dev/null so that it cannot start.",
    topic: masked,
  },
  {
    id: "systemd-failed",
    says: "systemd",
    patterns: [
      /Failed to listen on (?:docker[\w.@-]{0,40}|Docker Socket for the API)/,
      /Job for docker\.(?:service|socket) failed/,
      /Failed to start (?:docker\.service|Docker Application Container Engine)/,
      /docker\.(?:service|socket): Failed with result/,
      /Dependency failed for (?:docker\.service|Docker Application Container Engine)/,
    ],
    source: `systemd/systemd src/core/socket.c; ${RESTART}`,
    example: "Failed to listen on Docker Socket for the API.",
    meaning: "The unit did not start; earlier lines give the reason.",
    topic: serviceFailed,
  },
];
