/**
 * `agent install` on macOS. launchd passes sockets by a C function that Node cannot call (ADR 0034), so the agent runs from
 * login on, without a connection until a client comes.
 */
import { shellJoin } from "../../base/index.ts";
import { propertyList, type TimerCommand, xml } from "../renew/timer-files.ts";
import type { TimerPorts } from "../renew/timer-ports.ts";
import { failed } from "./agent-units.ts";

const LABEL = "tetherdock.agent";
const COMMENT = "Made by tetherdock agent install; tetherdock agent uninstall removes it.";

export interface LaunchAgentPorts
  extends Pick<TimerPorts, "command" | "read" | "write" | "remove" | "run" | "domain"> {
  /** Of this user's launch agents. */
  readonly folder: string;
  /** Where the agent's messages go. */
  readonly log: string;
}

/** Started again after a crash only: one that cannot start, as with an encrypted key, would try for ever. */
export function agentPropertyList(command: TimerCommand, log: string): string {
  return propertyList(command, {
    label: LABEL,
    comment: COMMENT,
    args: ["agent", "run"],
    keys: `  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>Crashed</key>
    <true/>
  </dict>
  <key>StandardErrorPath</key>
  <string>${xml(log)}</string>
`,
  });
}

const pathIn = ({ folder }: LaunchAgentPorts): string => `${folder}/${LABEL}.plist`;

/** It may not be loaded. */
const bootout = ({ run, domain }: LaunchAgentPorts) => run(["launchctl", "bootout", `${domain}/${LABEL}`]);

/** A second run uses this version of tetherdock. @returns the file that was written @throws AGENT_INSTALL_FAILED, FILE_FAILED */
export async function installLaunchAgent(ports: LaunchAgentPorts): Promise<readonly string[]> {
  const path = pathIn(ports);
  if ((await ports.read(path))?.includes(COMMENT) === false)
    throw failed(
      `${path} is there already`,
      ["tetherdock did not write it"],
      shellJoin(["mv", path, `${path}.old`]),
    );
  await bootout(ports);
  await ports.write(path, agentPropertyList(ports.command, ports.log));
  const said = await ports.run(["launchctl", "bootstrap", ports.domain, path]);
  if (said !== null)
    throw failed("launchctl bootstrap failed", said === "" ? [] : [said], "tetherdock agent start");
  return [path];
}

/** @returns the files that were removed; one that tetherdock did not write stays @throws FILE_FAILED */
export async function uninstallLaunchAgent(ports: LaunchAgentPorts): Promise<readonly string[]> {
  const path = pathIn(ports);
  if (!(await ports.read(path))?.includes(COMMENT)) return [];
  await bootout(ports);
  await ports.remove(path);
  return [path];
}
