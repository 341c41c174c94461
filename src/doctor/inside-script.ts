/**
 * The second script of an inspection from inside, right after the facts script in the same shell. What up needs too is in
 * the facts, and is not read again here. This script reads the rest. It cannot be part of the first: the facts say which
 * key and certificate files, sockets and units matter, and only TypeScript expands command lines as systemd does. And up
 * does not need its modes, groups, sudo rules, firewall rules and mounts, some of which take seconds. Two sections are
 * close to facts: containers are asked for mounts and ports, also of a dockerd that systemd does not run; and without
 * systemd, units are read from their files.
 *
 * It changes nothing and starts nothing. It needs only sh, coreutils, grep and sed, because hosts such as CoreOS have
 * little else. Of key files it reads only the mode, of certificate files only the certificates.
 */
import { shellQuote } from "../base/index.ts";
import {
  DAEMONS,
  type DaemonSettings,
  type HostFacts,
  nextSettings,
  runningSettings,
  SERVER_KEY,
  sectionScript,
  tlsFiles,
  unitCommandLine,
} from "../facts/index.ts";
import { FIREWALL } from "./inside/firewall-script.ts";
import { fleetScript } from "./inside/fleet-script.ts";
import { OWN_READING } from "./inside/own-reading-script.ts";

/** Far above what a unit or an environment file takes. */
const MAX_FILE_BYTES = 256 * 1024;

const GROUP = `
s group; getent group docker
gid=$(getent group docker | cut -d: -f3)
s primary; [ -n "$gid" ] && grep "^[^:]*:[^:]*:[0-9]*:$gid:" /etc/passwd | cut -d: -f1
s sudoers; for u in $(getent group docker | cut -d: -f4 | tr ',' ' ' | cut -c-2000); do
  sudo -n -l -U "$u" | grep -Eq '^ *\\((ALL|root)[ :)].* ALL$' && echo "$u"; done
`;

// Docker is asked only while it runs: asking would otherwise start it through its socket.
const CONTAINERS = `
s containers
[ -n "$daemons" ] && ids=$(timeout 20 docker ps -q) && [ -n "$ids" ] &&
  timeout 20 docker inspect -f '[{{json .Name}},{{json .Config.Image}},{{json .Mounts}},{{json .NetworkSettings.Ports}}]' $ids | head -c 1000000
s components
[ -n "$daemons" ] && timeout 20 docker version -f '{{range .Server.Components}}{{println .Name .Version}}{{end}}' | head -c 4096
`;

function settingsOf(facts: HostFacts): DaemonSettings[] {
  const inside = { facts, unitCommandLine: unitCommandLine(facts.service) };
  return [runningSettings(inside), nextSettings(inside)];
}

function filesScript(facts: HostFacts): string {
  const settings = settingsOf(facts);
  const files = settings.map(tlsFiles).filter((one) => one !== null);
  const keys = new Set([SERVER_KEY, ...files.map(({ key }) => key)]);
  const certificates = new Set(
    files.flatMap(({ ca, server }) => [`ca ${shellQuote(ca)}`, `server ${shellQuote(server)}`]),
  );
  return [
    ...[...keys].map((path) => `k ${shellQuote(path)}`),
    ...[...certificates].map((roleAndPath) => `c ${roleAndPath}`),
    // Where systemd tells nothing, the daemon's own command line names the key.
    `for p in $(for d in $daemons; do tr '\\0' '\\n' <"/proc/$d/cmdline" | sed -n 's/^--tlskey=//p'; done); do k "$p"; done`,
  ].join("\n");
}

function socketsScript(facts: HostFacts): string {
  const hosts = settingsOf(facts).flatMap((settings) => settings.hosts);
  const paths = hosts.filter((host) => /^unix:\/\/\//.test(host)).map((host) => host.slice("unix://".length));
  const all = [...new Set(["/run/docker.sock", ...paths])];
  return all.map((path) => `d ${shellQuote(path)}`).join("\n");
}

/**
 * The script that runs after `factsScript` in the same shell.
 * @param facts of the same look: they say which files matter
 * @param marker starts each section's line; random, so that nothing on the host can forge one
 * @returns a POSIX sh script for {@link HostShell}
 */
export function insideScript(facts: HostFacts, marker: string): string {
  const units = ["docker.service", ...facts.sockets.map(({ unit }) => unit)].map(shellQuote).join(" ");
  return `${sectionScript({ marker, maxFileBytes: MAX_FILE_BYTES, maskedToo: true })}m() { [ -e "$2" ] && s "mode $1 $(stat -L -c '%a %U:%G' "$2") $2"; }
k() { kp=$(readlink -f "$1"); [ -f "$kp" ] || return 0
  m key "$kp"; kp=$(dirname "$kp"); while [ "$kp" != / ]; do m directory "$kp"; kp=$(dirname "$kp"); done; }
d() { [ -S "$1" ] && m socket "$(readlink -f "$1")"; }
c() { [ -f "$2" ] || return 0
  s "certificate $1 $2"; sed -n '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p' "$2" | head -c 1000000; }
exec 2>/dev/null
${DAEMONS}
s reload; systemctl show ${units} -p NeedDaemonReload
${filesScript(facts)}
${socketsScript(facts)}
${GROUP}${CONTAINERS}${fleetScript(facts)}${FIREWALL}${OWN_READING}
s end; true`;
}
