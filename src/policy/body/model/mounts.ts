/** Mounts of a container: volumes and tmpfs. */
import { isObject, type JsonValue } from "../json/value.ts";
import {
  allHarmless,
  each,
  flag,
  forbidden,
  integer,
  limited,
  struct,
  text,
  textMap,
  texts,
} from "../mark.ts";
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

export const binds = limited("hostPathVolumes", texts, HOST_PATH, (value) =>
  (value as readonly JsonValue[]).every(isNamedVolume),
);

export const target = limited("mountTargets", text, MOUNT_TARGET, (value) => isMountTarget(value as string));

export const tmpfs = limited("mountTargets", textMap, `${MOUNT_TARGET}, with tmpfs's own options`, isTmpfs);

export const mounts = each(
  struct({
    Type: limited("hostPathVolumes", text, "only volume and tmpfs are allowed", isOneOf("volume", "tmpfs")),
    Source: limited(
      "hostPathVolumes",
      text,
      HOST_PATH,
      (value) => value === "" || isVolumeName(value as string),
    ),
    Target: target,
    ...allHarmless(flag, "ReadOnly"),
    ...allHarmless(text, "Consistency", "ignored on Linux"),
    BindOptions: forbidden("hostPathVolumes", HOST_PATH),
    VolumeOptions: struct({
      ...allHarmless(flag, "NoCopy"),
      Labels: forbidden("ownerLabel", "labels of volumes are not judged yet; leave them out"),
      Subpath: forbidden("hostPathVolumes", "engines have followed symlinks out of the volume; leave it out"),
      DriverConfig: forbidden(
        "volumeDriver",
        "a driver's options can mount any path of the host; leave them out",
      ),
    }),
    TmpfsOptions: struct({
      ...allHarmless(integer, "SizeBytes Mode"),
      Options: forbidden("mountTargets", "mount options are not judged yet; leave them out"),
    }),
    ImageOptions: forbidden("hostPathVolumes", "mounts of images are not judged yet; leave them out"),
    ClusterOptions: forbidden("hostPathVolumes", "cluster volumes are not judged yet; leave them out"),
  }),
);
