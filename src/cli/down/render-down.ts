/** What `down` is about to do, for people. */
import { shellJoin, visible } from "../../base/index.ts";
import type { DownPlan } from "../../host/index.ts";
import type { Style } from "../output/style.ts";

/** How to keep the gateway's record, which goes with it. */
function saveAudit(target: string | null): string {
  const tar = "tar -cz -C /var/log/private tetherdock-gateway >audit.tgz";
  return target === null ? `sudo ${tar}` : shellJoin(["ssh", target]).concat(` sudo ${tar}`);
}

/**
 * @param target the ssh destination, or null for this machine
 * @returns one text a line
 */
export function renderDown(plan: DownPlan, target: string | null, style: Style): string[] {
  const exposed = plan.exposedPorts.join(", ");
  return [
    ...plan.restored.map((path) => `~ ${style.bold(visible(path))}  as it was`),
    ...plan.removed.map((path) => `- ${style.bold(visible(path))}`),
    ...(plan.gateway ? ["! stop tetherdock-gateway.service"] : []),
    ...(plan.restart ? ["! restart docker.service"] : []),
    ...plan.conflicts.map((path) =>
      style.yellow(`warning: ${visible(path)} was changed after up; the change will be lost`),
    ),
    ...(plan.gateway
      ? [
          style.yellow("warning: this deletes the gateway's audit log; to keep it, first:"),
          style.yellow(`  ${saveAudit(target)}`),
        ]
      : []),
    ...plan.warnings.map((warning) => style.yellow(`warning: ${visible(warning)}`)),
    ...(exposed
      ? [
          style.red(
            `warning: this serves the Docker API without TLS on TCP ${exposed} again: anybody who can reach it becomes root`,
          ),
        ]
      : []),
  ];
}
