/** What `down` is about to do, for people. */
import { basename } from "node:path";
import type { DownPreview, LaptopPart } from "../../app/down/index.ts";
import { shellJoin, visible } from "../../base/index.ts";
import { type DownPlan, sshCommand } from "../../host/index.ts";
import { renderLost } from "../context/render-removed.ts";
import type { Style } from "../output/style.ts";

/** @param command what root runs on the host, with where its output goes here */
const onHost = (target: string | null, command: string): string =>
  target === null ? `sudo ${command}` : `${sshCommand(target)} sudo ${command}`;

/** How to keep the gateway's record, which goes with it. */
const saveAudit = (target: string | null): string =>
  onHost(target, "tar -cz -C /var/log/private tetherdock-gateway >audit.tgz");

/** How to keep a file that was edited. */
const saveEdited = (target: string | null, path: string): string =>
  onHost(target, `${shellJoin(["cat", path])} >${shellJoin([basename(path)])}`);

function hostItems({ restored, removed, gateway, restart }: DownPlan, style: Style): string[] {
  return [
    ...restored.map((path) => `~ ${style.bold(visible(path))}  as it was`),
    ...removed.map((path) => `- ${style.bold(visible(path))}`),
    ...(gateway ? ["! stop tetherdock-gateway.service"] : []),
    ...(restart ? ["! restart docker.service"] : []),
  ];
}

/** What goes on this machine. */
function laptopItems({ line, contexts }: LaptopPart, style: Style): string[] {
  return [
    `- ${style.bold(`line ${line}`)}  its certificates and keys, on this machine`,
    ...contexts.map((name) => `- ${style.bold(`docker context ${name}`)}`),
  ];
}

function hostWarnings({ conflicts, edited, gateway, warnings }: DownPlan, target: string | null): string[] {
  return [
    ...conflicts.map((path) => `warning: ${visible(path)} was changed after up; the change will be lost`),
    ...edited.flatMap((path) => [
      `warning: this deletes ${visible(path)}, which was changed after up; to keep it, first:`,
      `  ${saveEdited(target, path)}`,
    ]),
    ...(gateway
      ? ["warning: this deletes the gateway's audit log; to keep it, first:", `  ${saveAudit(target)}`]
      : []),
    ...warnings.map((warning) => `warning: ${visible(warning)}`),
  ];
}

/** Its list would go on naming a host that is no longer there. */
const fleetWarnings = ({ line, fleets }: LaptopPart): string[] =>
  fleets.flatMap((fleet) => [
    `warning: ${line} is a host of the fleet ${fleet} and would stay on its list; first run:`,
    `  ${shellJoin(["tetherdock", "fleet", "leave", line, "--fleet", fleet])}`,
  ]);

/** The last line before the question. */
function exposure({ exposedPorts }: DownPlan): string[] {
  const ports = exposedPorts.join(", ");
  return ports
    ? [
        `warning: this serves the Docker API without TLS on TCP ${ports} again: anybody who can reach it becomes root`,
      ]
    : [];
}

/** What is lost with the keys of a line if its host does not change. */
const KEYS_LOST = [
  "the host stays as it is: whoever has a certificate of this line keeps access until it expires or is revoked",
  "without the CA key nobody can issue or renew a certificate for this line again; it exists only here and in your backups",
];

/** @returns one text a line */
export function renderDown({ plan, target, laptop }: DownPreview, style: Style): string[] {
  const lost = [
    ...(laptop?.lost ? renderLost(laptop.lost, "then") : []),
    ...(laptop?.hostStays ? KEYS_LOST : []),
  ].map((text) => `warning: ${text}`);
  return [
    ...(plan ? hostItems(plan, style) : []),
    ...(laptop ? laptopItems(laptop, style) : []),
    ...[...lost, ...(laptop ? fleetWarnings(laptop) : []), ...(plan ? hostWarnings(plan, target) : [])].map(
      style.yellow,
    ),
    ...(plan ? exposure(plan) : []).map(style.red),
  ];
}
