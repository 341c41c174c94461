/**
 * How dockerd gets its TCP socket with TLS: through $DOCKER_OPTS if the unit expands it and nobody sets it; through
 * daemon.json if `hosts` is already there (flags as well would keep dockerd from starting, moby#25471); otherwise
 * through a drop-in that sets ExecStart again and keeps everything else.
 */
import {
  CLIENT_CA,
  type DaemonJson,
  type HostFacts,
  isTcp,
  joinCommand,
  jsonHosts,
  jsonTls,
  quoteWord,
  SERVER_CERTIFICATE,
  SERVER_KEY,
  SERVICE_DROP_IN,
} from "../../../facts/index.ts";
import { type Change, writeUnlessSame } from "../change.ts";
import { HEADER } from "../header.ts";
import type { DaemonCommand } from "./daemon-command.ts";
import { rewriteDaemonJson } from "./daemon-json.ts";

/** The flags that make dockerd listen with TLS and require a certificate from every client. */
export function tlsFlags(port: number): string {
  const files = `--tlscacert=${CLIENT_CA} --tlscert=${SERVER_CERTIFICATE} --tlskey=${SERVER_KEY}`;
  return `--host=tcp://0.0.0.0:${port} --tlsverify ${files}`;
}

/** Our drop-in for docker.service. @param lines of its section [Service] */
export function dropIn(facts: HostFacts, lines: string, reason: string): Change[] {
  const before = facts.ours.files.get(SERVICE_DROP_IN);
  const after = `${HEADER}[Service]\n${lines}\n`;
  return writeUnlessSame(before, { path: SERVICE_DROP_IN, after, mode: "644", reason });
}

/** The owner of the local socket stays: systemd (fd://) or dockerd. */
export function localHosts(facts: HostFacts, hosts: readonly string[]): string[] {
  const local = hosts.filter((host) => !isTcp(host));
  if (local.length > 0) return local;
  const activated = facts.sockets.some((socket) => socket.active);
  return [activated ? "fd://" : "unix:///var/run/docker.sock"];
}

function planByJson(facts: HostFacts, command: DaemonCommand, json: DaemonJson, port: number): Change[] {
  const { path, file } = facts.daemonJson;
  const local = (jsonHosts(json) ?? []).some((host) => !isTcp(host))
    ? (jsonHosts(json) ?? [])
    : command.hosts;
  const settings = {
    hosts: [...localHosts(facts, local), `tcp://0.0.0.0:${port}`],
    tlsverify: true,
    tlscacert: CLIENT_CA,
    tlscert: SERVER_CERTIFICATE,
    tlskey: SERVER_KEY,
  };
  const after = rewriteDaemonJson(file?.text ?? "", json, settings);
  const reason =
    "`hosts` is already set here: dockerd accepts it from one place only, and TLS belongs with it";
  const changes: Change[] = writeUnlessSame(file, { path, after, mode: "644", reason });
  if (command.hosts.length === 0 && command.tls.size === 0) return changes;
  const exec = `ExecStart=\nExecStart=${joinCommand([command.program, ...command.rest])}`;
  const why = "the unit's own -H beside `hosts` in daemon.json keeps dockerd from starting (moby#25471)";
  return [...changes, ...dropIn(facts, exec, why)];
}

function planByExecStart(facts: HostFacts, command: DaemonCommand, port: number): Change[] {
  const local = localHosts(facts, command.hosts).map((host) => `--host=${quoteWord(host)}`);
  const words = [joinCommand([command.program, ...command.rest]), ...local, tlsFlags(port)];
  const from = command.replaced.length > 0 ? `, with $${command.replaced.join(", $")} written out` : "";
  const reason = `dockerd itself listens on TCP with TLS; the command line of ${command.path} is kept${from}`;
  return dropIn(facts, `ExecStart=\nExecStart=${words.join(" ")}`, reason);
}

/** The changes to drop-ins and daemon.json; empty if they are correct. */
export function planDaemon(
  facts: HostFacts,
  command: DaemonCommand,
  json: DaemonJson,
  port: number,
): Change[] {
  if (jsonHosts(json)) return planByJson(facts, command, json, port);
  const { path, file } = facts.daemonJson;
  const cleaned = file && jsonTls(json).size > 0 ? rewriteDaemonJson(file.text, json, null) : file?.text;
  const reason = "TLS settings move to the flags: dockerd accepts each from one place only";
  const jsonChanges =
    file && cleaned !== undefined
      ? writeUnlessSame(file, { path, after: cleaned, mode: file.mode, reason })
      : [];
  const clean = command.tls.size === 0 && !command.hosts.some(isTcp);
  const byOpts = command.optsFree && clean && command.hosts.length > 0;
  if (!byOpts) return [...jsonChanges, ...planByExecStart(facts, command, port)];
  const line = `Environment="DOCKER_OPTS=${tlsFlags(port)}"`;
  const why = `dockerd itself listens on TCP with TLS; ${command.path} expands $DOCKER_OPTS and nothing else sets it`;
  return [...jsonChanges, ...dropIn(facts, line, why)];
}
