/**
 * POSIX sh that lists the files that docker starts from, one path on each line: anyone who can change one of these
 * becomes root at docker's next start. It also lists paths that would be read if a file existed. It needs `v`, `$pid`
 * and `$config` of the facts script.
 */
import {
  DOCKER_SERVICE,
  FLEET_PATH_FILE,
  FLEET_SERVICE_FILE,
  GATEWAY_CONFIG,
  GATEWAY_LIBRARY,
  GATEWAY_PROGRAM,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET_FILE,
  SERVER_CERTIFICATE,
  SERVER_KEY,
  UNIT_DIRECTORY,
} from "../paths.ts";

const CONTAINERD = "containerd.service";
const PROGRAMS = "dockerd containerd containerd-shim-runc-v2 runc docker-proxy docker-init";
const OURS = [
  GATEWAY_CONFIG,
  GATEWAY_PROGRAM,
  GATEWAY_LIBRARY,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET_FILE,
  FLEET_SERVICE_FILE,
  FLEET_PATH_FILE,
  SERVER_CERTIFICATE,
  SERVER_KEY,
].join(" ");

/** Function `start_paths`. */
export const START_PATHS = `start_paths() {
  for u in ${DOCKER_SERVICE} ${CONTAINERD} $(v TriggeredBy); do
    systemctl show "$u" -p FragmentPath,DropInPaths | sed 's/^[A-Za-z]*=//' | tr ' ' '\\n'
    systemctl show "$u" -p EnvironmentFiles | sed 's/^[A-Za-z]*=//; s/ (ignore_errors=.*//'
    systemctl show "$u" -p ExecStartPre,ExecStart,ExecStartPost,ExecReload | sed -n 's/^[A-Za-z]*={ path=\\([^ ]*\\) ;.*/\\1/p'
    for p in ${UNIT_DIRECTORY} /run/systemd/system /usr/lib/systemd/system; do
      printf '%s\\n' "$p/$u"; [ ! -d "$p/$u.d" ] || printf '%s\\n' "$p/$u.d/x.conf"; done
  done
  for p in ${PROGRAMS}; do command -v "$p"; done
  for p in $pid $(systemctl show ${CONTAINERD} -p MainPID | sed 's/.*=//'); do [ "$p" = 0 ] || readlink "/proc/$p/exe" | sed 's/ (deleted)$//'; done
  printf '%s\\n' "$config" /etc/containerd/config.toml
  { grep -oE '"(path|tls[a-z]+)"[[:space:]]*:[[:space:]]*"/[^"]*"' "$config" | sed 's/.*"\\(\\/[^"]*\\)"$/\\1/'
    tr '\\0' '\\n' <"/proc/$pid/cmdline" | sed -n 's/^--tls[a-z]*=//p'; } | head -n 50
  for p in ${OURS}; do [ ! -e "$p" ] || printf '%s\\n' "$p"; done
}
`;
