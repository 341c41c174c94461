/** What `down` is about to do, for people. */
import type { DownPlan } from "../../host/index.ts";
import type { Style } from "../style.ts";

/** @returns lines, ending in a line end */
export function renderDown(plan: DownPlan, style: Style): string {
  const exposed = plan.exposedPorts.join(", ");
  return `${[
    ...plan.restored.map((path) => `~ ${style.bold(path)}  as it was`),
    ...plan.removed.map((path) => `- ${style.bold(path)}`),
    "! restart docker.service",
    ...plan.conflicts.map((path) => style.yellow(`warning: ${path} was changed after up; that will be lost`)),
    ...plan.warnings.map((warning) => style.yellow(`warning: ${warning}`)),
    ...(exposed
      ? [
          style.red(
            `warning: this serves the Docker API without TLS on TCP ${exposed} again: root for everybody who reaches it`,
          ),
        ]
      : []),
  ].join("\n")}\n`;
}
