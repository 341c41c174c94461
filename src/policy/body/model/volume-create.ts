/** The body of VolumeCreate: a directory that the engine makes, and nothing else. */
import { forbidden, limited, struct, text } from "../mark.ts";
import { labels } from "./config.ts";
import { isNewName, isOneOf, isVolumeName } from "./rules.ts";

export const volumeCreate = struct({
  Name: limited(
    "name",
    text,
    "use letters, digits, _ . and -, at least two of them, and not only 12 or more hexadecimal digits",
    (value) => value === "" || (isVolumeName(value as string) && isNewName(value as string)),
  ),
  Driver: limited(
    "volumeDriver",
    text,
    "only the driver local is allowed: another can mount any path of the host",
    isOneOf("", "local"),
  ),
  DriverOpts: forbidden(
    "volumeDriver",
    "a driver's options can mount any path of the host, or another host's files; leave them out",
  ),
  Labels: labels,
  ClusterVolumeSpec: forbidden("volumeDriver", "cluster volumes are the swarm's; leave it out"),
});
