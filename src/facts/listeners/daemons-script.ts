/**
 * The engine's processes. A process chooses its own name and arguments: any user of the host can run a "dockerd" with
 * `--tlskey /etc/passwd`, and if root followed doctor's advice about that key, it would break the host.
 */

/**
 * Function `is_roots PID`: whether a process belongs to the host's root. A container's process does not: it has another
 * PID namespace. Nor does a setuid program, which any user can start as root: a link can give sudo any name.
 */
export const IS_ROOTS = `
is_roots() { grep -q '^Uid:[[:space:]]*0[[:space:]]' "/proc/$1/status" && [ ! -u "/proc/$1/exe" ] &&
  [ "$(readlink "/proc/$1/ns/pid")" = "$(readlink /proc/self/ns/pid)" ]; }
`;

/**
 * Variable `daemons`: process ids. One `grep` removes the processes of other users, however many, before the number is
 * limited.
 */
export const DAEMONS = `${IS_ROOTS}
named=$(grep -lx dockerd /proc/[0-9]*/comm | sed 's/comm$/status/')
daemons=$(for p in $(grep -l '^Uid:[[:space:]]*0[[:space:]]' /dev/null $named | sed 's/[^0-9]//g' | head -n 200); do ! is_roots "$p" || echo "$p"; done | head -n 20)
`;

/**
 * A section `foreign-daemon PID` for each user who runs a dockerd without root. Only one for each user, so that a user
 * with many processes cannot hide those of others.
 */
export const FOREIGN_DAEMONS = `grep -lx dockerd /proc/[0-9]*/comm | sed 's/.comm$//' | xargs stat -c '%u %U %n' /dev/null |
  sort -un -k1,1 | grep -v '^0 ' | head -n 20 | while read -r _ user p; do
  s "foreign-daemon \${p#/proc/}"; printf '%s\\n' "$user"; done
`;
