/** `binds`: which paths of the host a role file permits, and those that nobody should. docs/adr/0038 has the reasons. */
import { cleanPath, type HostBind, isWithin } from "../body/model/host-binds.ts";
import { words } from "../body/model/rules.ts";
import { described, flag, list, object, optional, type Shape } from "./shape.ts";

const MOST_BINDS = 50;
const MOST_CHARACTERS = 500;

/** Whoever has one of these, or what is in it, is root or can wait until root runs or reads what they wrote. */
const PLACES = [
  ...words(`/bin /sbin /lib /lib32 /lib64 /libx32 /usr /boot /efi /dev /etc /proc /sys /root /run /snap /nix /gnu
  /lost+found /opt/containerd /opt/cni /var/run /var/lock /var/spool /var/backups /var/cache /var/lib/docker
  /var/lib/containerd /var/lib/containers /var/lib/kubelet /var/lib/rancher /var/lib/etcd /var/lib/systemd /var/lib/dpkg
  /var/lib/apt /var/lib/dkms /var/lib/cloud /var/lib/snapd /var/lib/machines /var/lib/portables /var/lib/private
  /var/lib/polkit-1 /var/lib/sudo /var/lib/tetherdock /var/snap`),
];

/** Everybody may make files there. */
const OPEN_TO_ALL = ["/tmp", "/var/tmp"];

/** Somebody's whole home folder, or a hidden part of it: keys, and what a shell runs. */
const HOME = /^\/home\/[^/]+(?:\/\..*)?$/;

/** @returns why nobody may bind it; null: an admin may permit it */
export function placeProblem(path: string): string | null {
  const around = [...PLACES, ...OPEN_TO_ALL, "/home"].find((place) => isWithin(place, path));
  if (around !== undefined && around !== path) return `contains ${around}: name a folder of its own`;
  const place = PLACES.find((one) => isWithin(path, one));
  if (place !== undefined) return `is in ${place}: whoever binds what is there can become root on the host`;
  const open = OPEN_TO_ALL.find((one) => isWithin(path, one));
  if (open !== undefined) return `is in ${open}, where everybody can replace it`;
  return path === "/home" || HOME.test(path)
    ? "is somebody's home folder or a hidden part of it: name a folder in it, such as /home/anna/shop"
    : null;
}

const path: Shape<string> = {
  read: (value, at, complain) => {
    const isPath = typeof value === "string" && value.length <= MOST_CHARACTERS && cleanPath(value) === value;
    if (!isPath)
      return void complain(
        at,
        "must be an absolute path such as /srv/shop, without ., .., //, : or a slash at the end",
      );
    const problem = placeProblem(value);
    return problem === null ? value : void complain(at, problem);
  },
  schema: { type: "string", pattern: "^(?:/[^/:]+)+$", maxLength: MOST_CHARACTERS },
};

export const bindsShape: Shape<readonly HostBind[]> = list(
  object<HostBind>({
    path: described("A folder or file of the host; what is in it cannot be bound by itself", path),
    readOnly: optional("Containers may only read it", false, flag),
  }),
  MOST_BINDS,
);

/** A container that may write a folder can put a link in the place of everything in it. */
const isReplaceable = (one: HostBind, by: HostBind): boolean =>
  !by.readOnly && one.path !== by.path && isWithin(one.path, by.path);

/** @returns what is wrong with a role's own entries, by their index */
export function bindProblems(binds: readonly HostBind[]): { readonly at: number; readonly text: string }[] {
  return binds.flatMap((one, at) => {
    if (binds.findIndex(({ path: other }) => other === one.path) < at)
      return [{ at, text: `(${one.path}) is there twice` }];
    const by = binds.find((other) => isReplaceable(one, other));
    return by === undefined
      ? []
      : [
          {
            at,
            text: `(${one.path}) is in ${by.path}, where containers may write and so replace it by a link`,
          },
        ];
  });
}

interface WithBinds {
  readonly file: { readonly name: string; readonly binds: readonly HostBind[] };
}

/** @returns which entries of a role another role's containers could replace, or the other way round */
export function bindConflicts({ file }: WithBinds, others: readonly WithBinds[]): string[] {
  return others.flatMap((other) =>
    other.file.binds.flatMap((theirs) =>
      file.binds
        .filter((own) => isReplaceable(own, theirs) || isReplaceable(theirs, own))
        .map(
          (own) =>
            `binds: ${own.path} and ${theirs.path} of the role ${other.file.name}: containers that may write to one could replace the other by a link`,
        ),
    ),
  );
}
