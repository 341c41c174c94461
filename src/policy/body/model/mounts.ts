/** Mounts of a container: volumes, tmpfs, and the paths of the host that a role file permits. */
import { isObject, type JsonValue } from "../json/value.ts";
import {
  allHarmless,
  each,
  flag,
  forbidden,
  integer,
  limited,
  type Mark,
  refused,
  struct,
  text,
  textMap,
  texts,
} from "../mark.ts";
import { describeBinds, type HostBind, isBindMount, parseHostBind, permitsBind } from "./host-binds.ts";
import { isMountTarget, isOneOf, isVolumeName, MOUNT_TARGET, words } from "./rules.ts";

/** The engine's `ParseTmpfsOptions` accepts more, such as options that make a mount shared. */
const TMPFS_OPTION =
  /^(?:r[wo]|(?:no)?(?:exec|suid|dev|atime|diratime)|(?:rel|strict)atime|(?:size|mode|uid|gid|nr_inodes|nr_blocks)=\w{1,20}%?)$/;

function isTmpfs(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  return [...value].every(
    ([path, options]) =>
      isMountTarget(path) &&
      (options === "" || (options as string).split(",").every((option) => TMPFS_OPTION.test(option))),
  );
}

const HOST_PATH = "host paths are root on the host; use a volume (-v NAME:/path or -v /path) or --tmpfs";

/** `z` and `Z` relabel the volume for SELinux. */
const BIND_OPTIONS = words("ro rw z Z nocopy");

/** `NAME:/path` with options; never a path of the host. */
function isNamedVolume(value: JsonValue): boolean {
  const [name = "", path = "", options, ...more] = (value as string).split(":");
  if (more.length > 0 || !isVolumeName(name) || !isMountTarget(path)) return false;
  return options === undefined || options.split(",").every((option) => BIND_OPTIONS.has(option));
}

function isPermitted(allowed: readonly HostBind[], bind: string): boolean {
  const parsed = parseHostBind(bind);
  return parsed !== null && permitsBind(allowed, parsed.source, parsed.readOnly);
}

const whyOf = (allowed: readonly HostBind[]): string =>
  allowed.length === 0 ? HOST_PATH : describeBinds(allowed);

export const bindsWith = (allowed: readonly HostBind[]): Mark =>
  limited("hostPathVolumes", texts, whyOf(allowed), (value) =>
    (value as readonly string[]).every((bind) => isNamedVolume(bind) || isPermitted(allowed, bind)),
  );

export const target = limited("mountTargets", text, MOUNT_TARGET, (value) => isMountTarget(value as string));

export const tmpfs = limited("mountTargets", textMap, `${MOUNT_TARGET}, with tmpfs's own options`, isTmpfs);

const fields = {
  Type: limited("hostPathVolumes", text, "only volume and tmpfs are allowed", isOneOf("volume", "tmpfs")),
  Source: limited(
    "hostPathVolumes",
    text,
    HOST_PATH,
    (value) => value === "" || isVolumeName(value as string),
  ),
  Target: target,
  ...allHarmless(flag, "ReadOnly", "can only take access away"),
  ...allHarmless(text, "Consistency", "ignored on Linux"),
  BindOptions: forbidden("hostPathVolumes", HOST_PATH),
  VolumeOptions: struct({
    ...allHarmless(flag, "NoCopy", "leaves the volume as it is"),
    Labels: forbidden("ownerLabel", "labels of volumes are not judged yet; leave them out"),
    Subpath: forbidden("hostPathVolumes", "engines have followed symlinks out of the volume; leave it out"),
    DriverConfig: forbidden(
      "volumeDriver",
      "a driver's options can mount any path of the host; leave them out",
    ),
  }),
  TmpfsOptions: struct({
    ...allHarmless(integer, "SizeBytes Mode", "of the container's own tmpfs"),
    Options: forbidden("mountTargets", "mount options are not judged yet; leave them out"),
  }),
  ImageOptions: forbidden("hostPathVolumes", "mounts of images are not judged yet; leave them out"),
  ClusterOptions: forbidden("hostPathVolumes", "cluster volumes are not judged yet; leave them out"),
};

export const mounts = each(struct(fields));

/** `CreateMountpoint` is not passed on. */
const bindOptions = struct({
  Propagation: limited(
    "hostPathVolumes",
    text,
    "other propagation can change mounts of the host; leave it out",
    isOneOf("", "rprivate"),
  ),
  ...allHarmless(
    flag,
    "NonRecursive CreateMountpoint",
    "the first can only take access away; the second is left out",
  ),
  ReadOnlyNonRecursive: forbidden("hostPathVolumes", "parts of the bind would be writable; leave it out"),
  ReadOnlyForceRecursive: forbidden("hostPathVolumes", "not every engine knows it; leave it out"),
});

/** For each mount, its source and whether it may write are decided together. */
export function mountsWith(allowed: readonly HostBind[]): Mark {
  if (allowed.length === 0) return mounts;
  const why = describeBinds(allowed);
  const one = struct({
    ...fields,
    Type: limited(
      "hostPathVolumes",
      text,
      "only volume, tmpfs and bind are allowed",
      isOneOf("volume", "tmpfs", "bind"),
    ),
    Source: limited(
      "hostPathVolumes",
      text,
      why,
      (value) => value === "" || isVolumeName(value as string) || permitsBind(allowed, value as string, true),
    ),
    BindOptions: bindOptions,
  });
  return each({
    ...one,
    read: (value, place) => {
      const mount = one.read(value, place);
      if (mount === undefined || !isObject(mount)) return mount;
      const source = mount.get("Source") ?? "";
      const isFine = isBindMount(mount)
        ? permitsBind(allowed, source as string, mount.get("ReadOnly") === true)
        : !(source as string).startsWith("/") && !mount.has("BindOptions");
      return isFine ? mount : refused("hostPathVolumes", `${place}.Source`, source, why);
    },
  });
}
