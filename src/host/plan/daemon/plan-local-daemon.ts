/**
 * dockerd without TCP, for a gateway in front of its local socket. Removes only what opens TCP, and native mode's own
 * drop-in; if nothing opens TCP, dockerd's settings do not change.
 */
import {
  type DaemonJson,
  type HostFacts,
  isTcp,
  joinCommand,
  jsonHosts,
  quoteWord,
  readDaemonFlags,
  SERVICE_DROP_IN,
} from "../../../facts/index.ts";
import { type Change, writeUnlessSame } from "../change.ts";
import type { DaemonCommand } from "./daemon-command.ts";
import { rewriteDaemonJson } from "./daemon-json.ts";
import { dropIn, localHosts } from "./plan-daemon.ts";

const LOCAL_ONLY = "the gateway listens on TCP, dockerd on its local socket only";

function withoutDropIn({ ours }: HostFacts): Change[] {
  const before = ours.files.get(SERVICE_DROP_IN)?.text;
  return before === undefined ? [] : [{ kind: "remove", path: SERVICE_DROP_IN, before, reason: LOCAL_ONLY }];
}

function planJson(facts: HostFacts, command: DaemonCommand, json: DaemonJson, hosts: string[]): Change[] {
  const { path, file } = facts.daemonJson;
  if (!hosts.some(isTcp)) return [];
  const local = hosts.some((host) => !isTcp(host)) ? hosts : command.hosts;
  const after = rewriteDaemonJson(file?.text ?? "", json, { hosts: localHosts(facts, local) });
  return writeUnlessSame(file, { path, after, mode: "644", reason: LOCAL_ONLY });
}

/** The changes to drop-ins and daemon.json; empty if dockerd opens no TCP. */
export function planLocalDaemon(facts: HostFacts, command: DaemonCommand, json: DaemonJson): Change[] {
  const inJson = jsonHosts(json);
  const plain = joinCommand([command.program, ...command.rest]);
  if (inJson) {
    const changes = planJson(facts, command, json, inJson);
    if (command.hosts.length === 0 && command.tls.size === 0) return [...changes, ...withoutDropIn(facts)];
    const why = "the unit's own -H beside `hosts` in daemon.json keeps dockerd from starting (moby#25471)";
    return [...changes, ...dropIn(facts, `ExecStart=\nExecStart=${plain}`, why)];
  }
  if (!command.hosts.some(isTcp)) return withoutDropIn(facts);
  const local = localHosts(facts, command.hosts).map((host) => `--host=${quoteWord(host)}`);
  const exec = `ExecStart=\nExecStart=${[plain, ...local].join(" ")}`;
  return dropIn(facts, exec, `${LOCAL_ONLY}; the rest of the command line of ${command.path} is kept`);
}

/** Whether the daemon that runs now was started with TCP. */
export function runsWithTcp({ service, commandLine }: HostFacts): boolean {
  const { hosts } = readDaemonFlags(commandLine.map((value) => ({ raw: value, value })));
  return service.active && hosts.some(isTcp);
}
