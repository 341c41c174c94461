/** Mounts of a container: anonymous volumes and tmpfs. */
import { isObject, type JsonValue } from "../json/value.ts";
import { allHarmless, each, flag, forbidden, integer, limited, struct, text, textMap } from "../mark.ts";
import { isMountTarget, isOneOf, MOUNT_TARGET } from "./rules.ts";

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

export const NAMED_VOLUME =
  "host paths are root on the host, and named volumes may be somebody else's; use an anonymous volume (-v /path) or --tmpfs";

export const target = limited("mountTargets", text, MOUNT_TARGET, (value) => isMountTarget(value as string));

export const tmpfs = limited("mountTargets", textMap, `${MOUNT_TARGET}, with tmpfs's own options`, isTmpfs);

export const mounts = each(
  struct({
    Type: limited("hostPathVolumes", text, "only volume and tmpfs are allowed", isOneOf("volume", "tmpfs")),
    Source: forbidden("hostPathVolumes", NAMED_VOLUME),
    Target: target,
    ...allHarmless(flag, "ReadOnly"),
    ...allHarmless(text, "Consistency", "ignored on Linux"),
    BindOptions: forbidden("hostPathVolumes", NAMED_VOLUME),
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
