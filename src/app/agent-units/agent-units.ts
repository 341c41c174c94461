/** `agent install` and `uninstall`: systemd of this user listens on the agent's sockets, and starts it with the first client. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { serviceLines, type TimerCommand } from "../renew/timer-files.ts";
import type { TimerPorts } from "../renew/timer-ports.ts";

const MARK = "# Made by tetherdock agent install; tetherdock agent uninstall removes it.\n";
const SOCKET = "tetherdock-agent.socket";
const SERVICE = "tetherdock-agent.service";

const listenLine = (path: string): string => `ListenStream=${path.replaceAll("%", "%%")}\n`;

/** @param sockets absolute paths, one for each line */
function socketUnit(sockets: readonly string[]): string {
  const listen = sockets.map(listenLine).join("");
  return `${MARK}[Unit]
Description=Sockets of tetherdock's agent

[Socket]
${listen}SocketMode=0600
DirectoryMode=0700
RemoveOnStop=yes

[Install]
WantedBy=sockets.target
`;
}

/** @param names of the lines, in the order of their sockets: the agent is not told the paths */
function agentServiceUnit(command: TimerCommand, names: readonly string[]): string {
  return `${MARK}[Unit]
Description=tetherdock's agent
Requires=${SOCKET}

[Service]
${serviceLines(command, ["agent", "run", ...names])}ExecReload=/bin/kill -HUP $MAINPID
UMask=0077
`;
}

export interface AgentUnitPorts extends Pick<TimerPorts, "command" | "read" | "write" | "remove" | "run"> {
  /** Of this user's units. */
  readonly folder: string;
}

export function failed(message: string, why: readonly string[], hint: string): TetherdockError {
  return new TetherdockError("AGENT_INSTALL_FAILED", message, { why, hints: [hint] });
}

const systemctl = (...words: readonly string[]) => ["systemctl", "--user", ...words];

/** @throws AGENT_INSTALL_FAILED */
async function require(ports: AgentUnitPorts, words: readonly string[]): Promise<void> {
  const said = await ports.run(words);
  if (said !== null)
    throw failed(`${words.join(" ")} failed`, said === "" ? [] : [said], "tetherdock agent start");
}

/**
 * A second run takes lines in that were set up since.
 * @param names of the lines
 * @param socketOf the absolute path of a line's socket
 * @returns the files that were written
 * @throws AGENT_INSTALL_FAILED, FILE_FAILED
 */
export async function installAgent(
  ports: AgentUnitPorts,
  names: readonly string[],
  socketOf: (name: string) => string,
): Promise<readonly string[]> {
  const [socket, service] = [`${ports.folder}/${SOCKET}`, `${ports.folder}/${SERVICE}`];
  await require(ports, systemctl("show-environment"));
  for (const path of [socket, service])
    if ((await ports.read(path))?.startsWith(MARK) === false)
      throw failed(
        `${path} is there already`,
        ["tetherdock did not write it"],
        shellJoin(["mv", path, `${path}.old`]),
      );
  await ports.write(socket, socketUnit(names.map(socketOf)));
  await ports.write(service, agentServiceUnit(ports.command, names));
  await require(ports, systemctl("daemon-reload"));
  // Sockets are passed when the service starts.
  await ports.run(systemctl("stop", SERVICE, SOCKET));
  await require(ports, systemctl("enable", "--now", SOCKET));
  return [socket, service];
}

/** @returns the files that were removed; one that tetherdock did not write stays @throws FILE_FAILED */
export async function uninstallAgent(ports: AgentUnitPorts): Promise<readonly string[]> {
  const removed: string[] = [];
  await ports.run(systemctl("disable", "--now", SOCKET, SERVICE));
  for (const path of [`${ports.folder}/${SOCKET}`, `${ports.folder}/${SERVICE}`]) {
    if (!(await ports.read(path))?.startsWith(MARK)) continue;
    await ports.remove(path);
    removed.push(path);
  }
  await ports.run(systemctl("daemon-reload"));
  return removed;
}

/** Whether systemd starts an agent with the first client of this socket. @param socket absolute path */
export async function isActivated(
  { folder, read }: Pick<AgentUnitPorts, "folder" | "read">,
  socket: string,
): Promise<boolean> {
  const unit = await read(`${folder}/${SOCKET}`);
  return unit?.startsWith(MARK) === true && unit.includes(listenLine(socket));
}

/** Whether it has not started it: whoever connects to the socket would. */
export async function isAsleep(ports: AgentUnitPorts, socket: string): Promise<boolean> {
  if (!(await isActivated(ports, socket))) return false;
  const isActive = async (unit: string) =>
    (await ports.run(systemctl("is-active", "--quiet", unit))) === null;
  return (await isActive(SOCKET)) && !(await isActive(SERVICE));
}
