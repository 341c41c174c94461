/** What tetherdock's own gateway refuses. */
import type { Topic } from "../entry.ts";

const REFUSED = "The gateway kept this request from Docker, as it should.";
const ROLES = "tetherdock help roles";

export const gatewayClient: Topic = {
  id: "gateway-refuses-this-client",
  cause:
    "The certificate is valid, but the gateway's client list does not admit it: it is not on the list, was revoked, or has expired.",
  danger: "closed",
  consequence: `${REFUSED} The attempt is in its audit log.`,
  fix: [
    "tetherdock client ls # as an admin of the line",
    "tetherdock client restore NAME # if it was revoked by mistake",
    "tetherdock client add NAME --public-key FILE # if it is new",
  ],
  reference: ROLES,
};

export const gatewayRole: Topic = {
  id: "gateway-role-forbids",
  cause:
    "The client is admitted, but its role does not include this call, or not with these fields. The message says why.",
  danger: "closed",
  consequence: `${REFUSED} Which calls a role includes does not depend on the client.`,
  fix: ["tetherdock client ls", "tetherdock audit # shows what was refused, to whom, and by which rule"],
  reference: ROLES,
};

export const gatewayMade: Topic = {
  id: "gateway-client-made-too-much",
  cause:
    "Docker keeps what clients make in its memory, so the gateway counts it as bytes for each client except admins: keptBytes at once, and keptBytesPerMinute more each minute. What was made stays counted if it is removed. Another role of the same client changes nothing, unless it is admin.",
  danger: "closed",
  consequence: `${REFUSED} The client may make more when enough minutes have passed.`,
  fix: [
    "# wait some minutes, then try again; look whether a script makes containers or execs in a loop",
    "tetherdock client show NAME # as an admin: how often the client called what",
    "# as an admin, on the host: raise limits.keptBytes or limits.keptBytesPerMinute in /etc/tetherdock/gateway.json, and restart the gateway",
  ],
  reference: "tetherdock help gateway-limits",
};

export const gatewayStarts: Topic = {
  id: "gateway-starts-without-answer",
  cause:
    "A start waits for ever if /etc/passwd in the container is a named pipe. It then holds a thread of Docker, so the gateway limits how many starts of one client may wait (startsPerClient).",
  danger: "closed",
  consequence: `${REFUSED} The client may start more when Docker has answered some.`,
  fix: [
    "tetherdock doctor # as an admin: names the container, and the command that frees it",
    "docker ps --all # lists the client's containers, also those whose start waits",
  ],
  reference: "tetherdock help troubleshooting",
};

export const gatewayAnswers: Topic = {
  id: "gateway-answers-take-long",
  cause:
    "Docker prepares a whole answer in its memory before it sends it, so the gateway limits how many it prepares at once for each client except admins: of each list (listsPerClient), and of all others (answersPerClient). Other requests wait, for a minute at most.",
  danger: "closed",
  consequence: `${REFUSED} Nothing else of the client is affected.`,
  fix: [
    "# look whether something asks for the same list many times at once, such as docker system df",
    "tetherdock gateway sessions # as an admin: which requests run, and whose",
    "tetherdock doctor # as an admin: whether Docker answers",
  ],
  reference: "tetherdock help gateway-limits",
};

export const gatewayLogs: Topic = {
  id: "gateway-logs-are-taken",
  cause:
    "Docker reads up to 64 MB of a log ahead of whoever reads it, so the gateway limits how many logs may be behind at once, for each client except admins and in all (logsPerClient). A log whose client has read all that there is does not count. Other requests for logs wait; if other clients have more of them for a minute, and read them, the request is refused.",
  danger: "closed",
  consequence: `${REFUSED} Nothing else of the client is affected.`,
  fix: [
    "docker logs --tail 100 CONTAINER # once more: others may be done by now",
    "tetherdock gateway sessions # as an admin: which logs are read, and by whom",
  ],
  reference: "tetherdock help gateway-limits",
};

export const gatewayBuild: Topic = {
  id: "gateway-role-may-not-build",
  cause:
    "The role may not build here, or the engine is too old for builds by this role. buildx then tries to start a builder of its own: it pulls moby/buildkit and creates a privileged container, which the gateway refuses. Only that last refusal is printed.",
  danger: "closed",
  consequence: `${REFUSED} Nothing was built.`,
  fix: [
    "tetherdock audit # as an admin: the refusal of Grpc before this one has the reason",
    "tetherdock client role NAME ROLE # as an admin, if the client may build; tetherdock help roles has the roles",
    "docker version # with buildx, a restricted role can build on Engine 25.0.2 or later",
    "DOCKER_BUILDKIT=0 docker build . # without buildx, on every engine; the refusal says why, if the role may not build",
  ],
  reference: ROLES,
};

export const gatewayOwn: Topic = {
  id: "gateway-container-not-own",
  cause:
    "A deployer sees and uses only containers, volumes and networks that were made with the same key. This one does not exist, or another client made it.",
  danger: "closed",
  consequence: REFUSED,
  fix: [
    "docker ps --all # lists the client's own containers; docker volume ls and docker network ls the rest",
    "tetherdock client ls # as an admin of the line",
  ],
  reference: ROLES,
};

export const gatewayTrouble: Topic = {
  id: "gateway-in-trouble",
  cause:
    "The gateway works, but something that it needs does not: Docker's socket on the host, the disk for its audit log, or room for another connection.",
  danger: "closed",
  consequence: "The gateway forwards only requests that it can record and answer.",
  fix: [
    "tetherdock gateway status",
    "tetherdock doctor",
    "ssh {host} journalctl -u docker.service -u tetherdock-gateway.service -n 50",
  ],
  reference: "tetherdock help gateway",
};

export const gatewayRequest: Topic = {
  id: "gateway-refuses-the-request",
  cause:
    "The request reached the gateway in a form that it refuses, because two programs could read it in two ways; often because a proxy in between rewrote it.",
  danger: "closed",
  consequence: REFUSED,
  fix: ["tetherdock audit # has the request and the rule", "tetherdock status"],
  reference: "tetherdock help gateway-limits",
  general: true,
};
