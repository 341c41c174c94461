/** What `down` is about to do, for people. */
import { visible } from "../../base/index.ts";
import type { DownPlan } from "../../host/index.ts";
import type { Style } from "../style.ts";

/** @returns lines, ending in a line end */
export function renderDown(plan: DownPlan, style: Style): string {
  const exposed = plan.exposedPorts.join(", ");
  return `${[
    ...plan.restored.map((path) => `~ ${style.bold(visible(path))}  as it was`),
    ...plan.removed.map((path) => `- ${style.bold(visible(path))}`),
    ...(plan.gateway ? ["! stop tetherdock-gateway.service"] : []),
    ...(plan.restart ? ["! restart docker.service"] : []),
    ...plan.conflicts.map((path) =>
      style.yellow(`warning: ${visible(path)} was changed after up; that will be lost`),
    ),
    ...plan.warnings.map((warning) => style.yellow(`warning: ${visible(warning)}`)),
    ...(exposed
      ? [
          style.red(
            `warning: this serves the Docker API without TLS on TCP ${exposed} again: root for everybody who reaches it`,
          ),
        ]
      : []),
  ].join("\n")}\n`;
}
