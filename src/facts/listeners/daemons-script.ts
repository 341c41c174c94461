/**
 * The engine's processes. A process chooses its own name, and its arguments: any user of the host can run a "dockerd"
 * whose `--tlskey` is /etc/passwd, and what the doctor says of that file as a key would make root break the host.
 */

/**
 * Function `is_roots PID`: whether it is a process of the host's root. Not one of a container, which has its own process
 * ids, and not a program that runs as root whoever starts it: a link can give sudo any name.
 */
export const IS_ROOTS = `
is_roots() { grep -q '^Uid:[[:space:]]*0[[:space:]]' "/proc/$1/status" && [ ! -u "/proc/$1/exe" ] &&
  [ "$(readlink "/proc/$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ]; }
`;

/**
 * Variable `daemons`: process ids. One `grep` leaves out the processes of other users, however many there are, before
 * their number is limited.
 */
export const DAEMONS = `${IS_ROOTS}
named=$(grep -lx dockerd /proc/[0-9]*/comm | sed 's/comm$/status/')
daemons=$(for p in $(grep -l '^Uid:[[:space:]]*0[[:space:]]' /dev/null $named | sed 's/[^0-9]//g' | head -n 200); do ! is_roots "$p" || echo "$p"; done | head -n 20)
`;

/**
 * A section `foreign-daemon PID` for each user who runs a dockerd without root. One of each user: whoever names many
 * processes so hides nobody else's.
 */
export const FOREIGN_DAEMONS = `grep -lx dockerd /proc/[0-9]*/comm | sed 's/.comm$//' | xargs stat -c '%u %U %n' /dev/null |
  sort -un -k1,1 | grep -v '^0 ' | head -n 20 | while read -r _ user p; do
  s "foreign-daemon \${p#/proc/}"; printf '%s\\n' "$user"; done
`;
