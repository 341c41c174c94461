/** The script that inspects a host in one round trip. It changes and starts nothing (not even a stopped docker). */

import { USER_FILES } from "./daemon/user-files.ts";
import { FOREIGN_DAEMONS, IS_ROOTS } from "./listeners/daemons-script.ts";
import { LISTENERS } from "./listeners/listeners-script.ts";
import {
  BOOT_UNIT_FILE,
  BOOT_UNIT_LINK,
  CERTIFICATES,
  CLIENT_CA,
  DOCKER_SERVICE,
  DROP_IN_NAME,
  FLEET_LINK,
  FLEET_PATH,
  FLEET_PATH_FILE,
  FLEET_SERVICE_FILE,
  FLEET_STORE,
  GATEWAY_CLIENTS,
  GATEWAY_CONFIG,
  GATEWAY_LIBRARY,
  GATEWAY_LINKS,
  GATEWAY_PROGRAM,
  GATEWAY_REVOKED,
  GATEWAY_SERVICE,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET,
  GATEWAY_SOCKET_FILE,
  JOURNAL,
  SERVER_CERTIFICATE,
  SERVER_KEY,
  SERVICE_DROP_IN,
  UNDO_UNIT,
  UNIT_DIRECTORY,
} from "./paths.ts";
import { PLACES } from "./place/place-script.ts";
import { START_PATHS } from "./place/start-paths-script.ts";
import { sectionScript } from "./section-script.ts";

// First and last: what was read before a change is undone and after it does not belong together. Entries of a folder that come
// and go change its time, and so does what becomes of a transaction.
const JOURNAL_NOW = `stat -c '%n %i %z' ${JOURNAL} ${JOURNAL}/[0-9]*`;

const IDENTITY = `
s journal-first; ${JOURNAL_NOW}
s os; cat /etc/os-release
s machine; uname -m
s clock; date +%s
s hostname; cat /proc/sys/kernel/hostname
s fqdn; hostname -f
s addresses; ip -o addr show scope global
s systemd; cat /proc/1/comm; systemctl --version | head -n 1
s disk; df -Pk /etc /var/lib
s program-disk; df -Pk /opt || df -Pk /; df -Pk /var/tmp
s tools; for t in dockerd docker systemd-run ssh-keygen openssl sha256sum gzip flock; do command -v $t >/dev/null && echo $t; done
`;

const UNITS = `
s service; systemctl show ${DOCKER_SERVICE} -p LoadState,ActiveState,UnitFileState,MainPID,FragmentPath,DropInPaths,EnvironmentFiles,TriggeredBy
show=$(systemctl show ${DOCKER_SERVICE} -p FragmentPath,DropInPaths,EnvironmentFiles,TriggeredBy,MainPID,ActiveState)
v() { printf '%s\\n' "$show" | sed -n "s/^$1=//p"; }
for p in $(v FragmentPath) $(v DropInPaths); do f "unit ${DOCKER_SERVICE}" "$p"; done
v EnvironmentFiles | while read -r p rest; do f environment "$p"; done
for u in $(v TriggeredBy); do case $u in *.socket)
  s "socket $u"; systemctl show "$u" -p ActiveState,UnitFileState,Listen,FragmentPath,DropInPaths
  for p in $(systemctl show "$u" -p FragmentPath,DropInPaths | sed 's/^[A-Za-z]*=//'); do f "unit $u" "$p"; done
  for p in /etc/systemd/system/*.wants/"$u" /etc/systemd/system/*.requires/"$u"; do
    [ -L "$p" ] && { s "link $u"; printf '%s\\n' "$p"; }; done ;;
esac; done
pid=$(v MainPID); cf=
[ "\${pid:-0}" != 0 ] && { s command; tr '\\0' '\\n' <"/proc/$pid/cmdline"; cf=$(tr '\\0' '\\n' <"/proc/$pid/cmdline" | sed -n 's/^--config-file=//p; /^--config-file$/{n;p;}' | tail -n 1); }
[ -n "$cf" ] || cf=$(systemctl show ${DOCKER_SERVICE} -p ExecStart | sed -n 's/.*[ ]--config-file[= ]\\([^ ;]*\\).*/\\1/p')
config=\${cf:-/etc/docker/daemon.json}
f daemon-json "$config"
# From Docker 23 on it can be asked; what it thinks of the file is nobody's guess then.
[ -f "$config" ] && { s validate; timeout 20 dockerd --validate --config-file "$config" 2>&1 | head -c 4096; }
${FOREIGN_DAEMONS}`;

// Only while the service is active, because otherwise a request would start it through its socket.
const ENGINE = `
if [ "$(v ActiveState)" = active ]; then
  s engine; timeout 20 docker info -f '{{.ServerVersion}} {{.LiveRestoreEnabled}}'
  s containers; ids=$(timeout 20 docker ps -q); [ -z "$ids" ] || timeout 20 docker inspect -f '{{.Name}} {{.HostConfig.RestartPolicy.Name}}' $ids
fi
`;

/** Far larger than any of these files should be: a larger one is cut off. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The client list and its revocations have room for 10,000 clients; what is larger is not read as JSON either. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const LISTS = [GATEWAY_CLIENTS, GATEWAY_REVOKED];

const FILES = [
  CLIENT_CA,
  SERVER_CERTIFICATE,
  SERVICE_DROP_IN,
  GATEWAY_CONFIG,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET_FILE,
  FLEET_SERVICE_FILE,
  FLEET_PATH_FILE,
];

// The gateway's units and programs, and docker's local sockets: from its socket units, its flags, and the usual path.
const GATEWAY = `
for u in ${GATEWAY_SERVICE} ${GATEWAY_SOCKET} ${FLEET_PATH}; do s "gateway $u"; systemctl show "$u" -p ActiveState,NeedDaemonReload,Listen; done
for p in ${GATEWAY_PROGRAM} ${GATEWAY_LIBRARY}; do [ -f "$p" ] && s "program $(sha256sum <"$p" | cut -d' ' -f1) $p"; done
[ -f ${FLEET_STORE} ] && s fleet-store
s resolvers; sed -n 's/^nameserver[[:blank:]]*//p' /etc/resolv.conf | head -n 8
for p in ${[...GATEWAY_LINKS.keys(), FLEET_LINK].join(" ")}; do [ -L "$p" ] && s "gateway-link $p"; done
for p in $(for u in $(v TriggeredBy); do systemctl show "$u" -p Listen | sed -n 's/^Listen=\\(\\/[^ ]*\\).*/\\1/p'; done) \\
  $(tr '\\0' '\\n' <"/proc/$pid/cmdline" | sed -n 's/^.*unix:\\/\\/*\\(\\/.*\\)$/\\1/p') /run/docker.sock; do
  [ -S "$p" ] && s "local-socket $(stat -Lc '%a %G' "$p") $p"; done
`;

// All paths that a plan may write or remove, who can change them, and whether they are links.
const PLACES_OF_INTEREST = `
starts=$(start_paths | grep '^/' | sort -u)
s start-paths; printf '%s\\n' "$starts"
{ printf '%s\\n' "$starts"; printf '%s\\n' ${[JOURNAL, BOOT_UNIT_FILE, BOOT_UNIT_LINK, SERVER_KEY, ...FILES, ...LISTS, GATEWAY_PROGRAM, GATEWAY_LIBRARY, ...GATEWAY_LINKS.keys(), FLEET_LINK].join(" ")} \\
    ${UNIT_DIRECTORY}/multi-user.target.wants/${DOCKER_SERVICE} "$config"
  v FragmentPath; v DropInPaths | tr ' ' '\\n'; v EnvironmentFiles | sed 's/ (ignore_errors=.*//'
  for u in $(v TriggeredBy); do printf '%s\\n' "${UNIT_DIRECTORY}/$u" "${UNIT_DIRECTORY}/$u.d/${DROP_IN_NAME}" ${UNIT_DIRECTORY}/*.wants/"$u" ${UNIT_DIRECTORY}/*.requires/"$u"; done
  cat ${JOURNAL}/[0-9]*/after | sed 's/^[^ ]* [^ ]* [^ ]* //'
} | grep '^/' | places
`;

const OURS = `
for p in ${FILES.join(" ")}; do f ours "$p"; done
limit=${MAX_LIST_BYTES}; for p in ${LISTS.join(" ")}; do f ours "$p"; done; limit=
if [ -f ${CERTIFICATES}/server-key.pem ]; then s ours-key; stat -c %a ${CERTIFICATES}/server-key.pem
  s ours-public-key; { openssl pkey -in ${CERTIFICATES}/server-key.pem -pubout || ssh-keygen -e -m PKCS8 -f ${CERTIFICATES}/server-key.pem; } 2>/dev/null; fi
for t in ${JOURNAL}/[0-9]*; do [ -d "$t" ] || continue
  state=begun; for m in pending undoing confirmed; do [ -e "$t/$m" ] && state=$m; done
  # without an owner yet, it was begun a moment ago
  owner=gone; [ $state = begun ] && [ ! -e "$t/owner" ] && owner=alive
  read -r op os <"$t/owner" && [ "$(sed 's/.*) //' "/proc/$op/stat" 2>/dev/null | cut -d' ' -f20)" = "$os" ] && owner=alive
  restarted=no; [ -e "$t/restarting" ] && restarted=restarted
  s "transaction $(basename "$t") $state $owner $restarted"; cat "$t/about.json"
  s "entries $(basename "$t")"; while read -r n kind sum path; do
    if [ -L "$path" ]; then now=link:$(readlink "$path"); elif [ -f "$path" ]; then now=$(sha256sum <"$path" | cut -d' ' -f1); elif [ -d "$path" ]; then now=directory; else now=absent; fi
    printf '%s %s %s %s\\n' "$kind" "$now" "$sum" "$path"; done <"$t/after"
done
s journal-last; ${JOURNAL_NOW}
s undo; systemctl is-active ${UNDO_UNIT}.timer ${UNDO_UNIT}.service
s end
`;

/**
 * @param marker starts each section's line; random, so that no file's content can forge one
 * @returns a POSIX sh script for {@link HostShell}
 */
export function factsScript(marker: string): string {
  return `${sectionScript({ marker, maxFileBytes: MAX_FILE_BYTES })}${PLACES}${START_PATHS}exec 2>/dev/null
${IDENTITY}${IS_ROOTS}${LISTENERS}${UNITS}${USER_FILES}${ENGINE}${GATEWAY}${PLACES_OF_INTEREST}${OURS}true`;
}
