/** tetherdock's own gateway, as docker's clients print what it says. */
import type { Message } from "../entry.ts";
import {
  gatewayAnswers,
  gatewayBuild,
  gatewayClient,
  gatewayLogs,
  gatewayMade,
  gatewayOwn,
  gatewayRequest,
  gatewayRole,
  gatewayStarts,
  gatewayTrouble,
} from "../topics/gateway.ts";

const says = "tetherdock's gateway";
const TEXTS = "tetherdock/tetherdock src/gateway/clients/refusal-text.ts";
const FROM = "Error response from daemon: tetherdock:";

export const gateway: readonly Message[] = [
  {
    id: "gateway-client-refused",
    says,
    patterns: [
      /tetherdock: your certificate is not on this host's list of clients/,
      /tetherdock: your access to this host (?:was revoked|has expired)/,
      /tetherdock: your role is not defined on this host/,
    ],
    source: TEXTS,
    example: `${FROM} your access to this host was revoked; ask an admin to let you in again (a fleet lets in a new key only)`,
    meaning: "The gateway identified the client by its certificate, and refused it.",
    topic: gatewayClient,
  },
  {
    id: "gateway-role-refused",
    says,
    patterns: [
      /tetherdock: the role (?<role>[a-z][a-z0-9-]{0,31}) may not call (?<call>\w{1,60})/,
      /tetherdock: only clients with the role \S{1,32} may use the admin API/,
    ],
    source: "tetherdock/tetherdock src/policy/roles/rules/viewer.ts",
    example: `${FROM} the role viewer may not call ContainerStop: viewer is read-only; ask an admin for another role`,
    meaning: "The client is known, but its role does not permit this request.",
    topic: gatewayRole,
  },
  {
    id: "gateway-made-too-much",
    says,
    patterns: [
      /tetherdock: the role [a-z][a-z0-9-]{0,31} may not call (?<call>\w{1,60}): you have made more in a short time than Docker should keep in memory/,
    ],
    source: "tetherdock/tetherdock src/policy/roles/rules/deployer/keeps.ts",
    example: `${FROM} the role deployer may not call ContainerCreate: you have made more in a short time than Docker should keep in memory for one client; wait some minutes, or ask an admin to raise keptBytes (check kept)`,
    meaning:
      "The role permits this call, but the client has made too many containers, execs, networks, volumes or names of images in a short time.",
    topic: gatewayMade,
  },
  {
    id: "gateway-too-many-starts",
    says,
    patterns: [/tetherdock: Docker has not answered many of your starts of containers and execs/],
    source: TEXTS,
    example: `${FROM} Docker has not answered many of your starts of containers and execs; wait, look whether /etc/passwd in the container is a file, and end execs that print nothing (docker stop CONTAINER)`,
    meaning: "Many starts by this client wait in Docker, and the gateway passes on no more until one ends.",
    topic: gatewayStarts,
  },
  {
    id: "gateway-too-many-answers",
    says,
    patterns: [/tetherdock: Docker has not answered earlier requests of this kind/],
    source: TEXTS,
    example: `${FROM} Docker has not answered earlier requests of this kind, by you or by others, for a minute; try again later`,
    meaning:
      "Docker prepares as many answers of this kind as it should at once, and none has ended for a minute.",
    topic: gatewayAnswers,
  },
  {
    id: "gateway-too-many-logs",
    says,
    patterns: [/tetherdock: others are reading as many logs as Docker should keep in memory at once/],
    source: TEXTS,
    example: `${FROM} others are reading as many logs as Docker should keep in memory at once, for a minute now; try again later`,
    meaning: "Other clients have had all places for logs that are not read to the end yet for a minute.",
    topic: gatewayLogs,
  },
  {
    id: "gateway-buildx-fallback",
    says: "buildx and compose, behind tetherdock's gateway",
    patterns: [
      /booting buildkit(?:\n[^\n]{0,200}){0,6}?\n[^\n]{0,60}tetherdock: the role (?<role>[a-z][a-z0-9-]{0,31}) may not call (?<call>ImageCreate|ContainerCreate)/,
      /tetherdock: the role (?<role>[a-z][a-z0-9-]{0,31}) may not call (?<call>\w{1,60}): [^\n]{1,300}; buildx starts a builder of its own/,
      // the role may pull, but the host cannot reach the registry; "default" is a builder that nobody has made
      /building with "default" instance using docker-container driver\s{1,4}[^\n]{0,60}booting buildkit\n[^\n]{0,80}pulling image moby\/buildkit[^\n]{0,60}\n[^\n]{0,20}ERROR: Error response from daemon: (?!tetherdock)[^\n]{0,400}/,
    ],
    source: "docker/buildx driver/docker-container/driver.go",
    example: `ERROR: ${FROM} the role viewer may not call ImageCreate: viewer is read-only; ask an admin for another role; buildx starts a builder of its own because this role may not build here: ask an admin for a role that may build`,
    meaning: "buildx may not build with the engine, and could not start a builder of its own instead.",
    topic: gatewayBuild,
  },
  {
    id: "gateway-not-own",
    says,
    patterns: [/tetherdock: No such (?:container|exec instance|volume|network): [^\n]{1,200}/],
    source: "tetherdock/tetherdock src/policy/roles/rules/deployer/own.ts",
    example: `${FROM} No such container: web`,
    meaning: "For this client, it does not exist.",
    topic: gatewayOwn,
  },
  {
    id: "gateway-trouble",
    says,
    patterns: [
      /tetherdock: Docker on the host did not answer/,
      /tetherdock: the audit log on the host cannot be written/,
      /tetherdock: you have too many connections open to this host/,
    ],
    source: TEXTS,
    example: `${FROM} Docker on the host did not answer: connect ENOENT /run/docker.sock`,
    meaning: "The gateway permits this request but could not carry it out.",
    topic: gatewayTrouble,
  },
  {
    id: "gateway-request-refused",
    says,
    patterns: [/Error response from daemon: tetherdock: [^\n]{3,200}/],
    source: "tetherdock/tetherdock src/gateway/docker/answer.ts",
    example: `${FROM} the request has two Host fields`,
    meaning: "The gateway refuses this request from any client.",
    topic: gatewayRequest,
  },
];
