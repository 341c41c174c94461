/** Paths of the host that no role file may permit to bind, whatever its author wants. docs/adr/0038 has the reasons. */
import { isWithin } from "../body/model/host-binds.ts";
import { words } from "../body/model/rules.ts";

/** Whoever has one of these, or what is in it, is root or can wait until root runs or reads what they wrote. */
const PLACES = [
  ...words(`/bin /sbin /lib /lib32 /lib64 /libx32 /usr /boot /efi /dev /etc /proc /sys /root /run /snap /nix /gnu
  /lost+found /opt/containerd /opt/cni /var/run /var/lock /var/spool /var/backups /var/cache /var/lib/docker
  /var/lib/containerd /var/lib/containers /var/lib/kubelet /var/lib/rancher /var/lib/etcd /var/lib/systemd /var/lib/dpkg
  /var/lib/apt /var/lib/dkms /var/lib/cloud /var/lib/snapd /var/lib/machines /var/lib/portables /var/lib/private
  /var/lib/polkit-1 /var/lib/sudo /var/snap`),
  // tetherdock's own: the gateway's program and its client list
  ...words("/opt/tetherdock /var/lib/tetherdock /var/lib/tetherdock-gateway"),
  // sockets of other container managers, and packages of other distributions
  ...words(`/var/lib/incus /var/lib/lxd /var/lib/lxc /var/lib/libvirt /var/lib/buildkit /var/lib/cni /var/lib/k0s
  /var/lib/rpm /var/lib/pacman /var/lib/flatpak /var/lib/alternatives /var/lib/sss`),
  // where CoreOS and its relatives keep the host's files, /root and /usr/local
  ...words("/sysroot /ostree /var/roothome /var/usrlocal"),
  // memory of every process
  ...words("/swapfile /swap.img"),
];

/** Everybody may make files there. */
const OPEN_TO_ALL = ["/tmp", "/var/tmp"];

/** Daemons of root write there by name, and follow a link that a container has made. */
const WRITTEN_BY_ROOT = [
  ...words("/var/log/apt /var/log/audit /var/log/journal /var/log/private /var/log/tetherdock-gateway"),
  ...words("/var/mail /var/crash"),
];

const HOMES = ["/home", "/var/home"];
/** Somebody's whole home folder, or a hidden part of it: keys, and what a shell runs. */
const HOME = /^(?:\/var)?\/home\/[^/]+(?:\/\..*)?$/;

/** @returns why nobody may bind it; null: an admin may permit it */
export function placeProblem(path: string): string | null {
  const around = [...PLACES, ...OPEN_TO_ALL, ...HOMES].find((place) => isWithin(place, path));
  if (around !== undefined && around !== path) return `contains ${around}: name a folder of its own`;
  const place = PLACES.find((one) => isWithin(path, one));
  if (place !== undefined) return `is in ${place}: whoever binds what is there can become root on the host`;
  const open = OPEN_TO_ALL.find((one) => isWithin(path, one));
  if (open !== undefined) return `is in ${open}, where everybody can replace it`;
  return HOMES.includes(path) || HOME.test(path)
    ? "is somebody's home folder or a hidden part of it: name a folder in it, such as /home/anna/shop"
    : null;
}

/** @returns whether containers may only read it; a service's own folder in /var/log they may write */
export const isForReading = (path: string): boolean =>
  path === "/var/log" || WRITTEN_BY_ROOT.some((place) => isWithin(path, place));
