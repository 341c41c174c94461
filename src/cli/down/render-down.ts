/** What `down` is about to do, for people. */
import type { DownPreview, LaptopPart } from "../../app/down/index.ts";
import { shellJoin, visible } from "../../base/index.ts";
import { type DownPlan, sshCommand } from "../../host/index.ts";
import { renderLost } from "../context/render-removed.ts";
import type { Style } from "../output/style.ts";

/** How to keep the gateway's record, which goes with it. */
function saveAudit(target: string | null): string {
  const tar = "tar -cz -C /var/log/private tetherdock-gateway >audit.tgz";
  return target === null ? `sudo ${tar}` : `${sshCommand(target)} sudo ${tar}`;
}

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

function hostWarnings({ conflicts, gateway, warnings }: DownPlan, target: string | null): string[] {
  return [
    ...conflicts.map((path) => `warning: ${visible(path)} was changed after up; the change will be lost`),
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
