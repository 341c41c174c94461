/** Rules that several fields share. */
import { isObject, JsonNumber, type JsonValue } from "../json/value.ts";

/** Filesystems of the kernel: a mount there could uncover the parts that Docker hides. */
const KERNEL = new Set(["proc", "sys", "dev"]);

/** Whether a volume or tmpfs may be mounted there. */
export function isMountTarget(path: string): boolean {
  if (!/^\/[^:\0]+$/.test(path)) return false;
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments.length === 0 || segments.includes(".") || segments.includes("..")) return false;
  return !KERNEL.has(segments[0] ?? "") || segments.join("/") === "dev/shm";
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

/** Of a container or a network. */
export const isName = (name: string): boolean => NAME.test(name);

/** As `docker volume create` accepts it. */
export const isVolumeName = (name: string): boolean => name.length > 1 && isName(name);

/** A name that could be mistaken for an ID, or for the 12 digits of one that the CLI prints, is refused. */
export const isNewName = (name: string): boolean => !/^[0-9a-f]{12,64}$/.test(name);

export const MOUNT_TARGET = "mount at an absolute path, not in /proc, /sys or /dev";

export const isOneOf =
  (...values: readonly string[]) =>
  (value: JsonValue): boolean =>
    values.includes(value as string);

/** @param allowed keys of a map */
export const hasOnly =
  (allowed: ReadonlySet<string>) =>
  (value: JsonValue): boolean =>
    isObject(value) && [...value.keys()].every((key) => allowed.has(key));

export const isAtLeast =
  (least: number) =>
  (value: JsonValue): boolean =>
    value instanceof JsonNumber && Number(value.text) >= least;

export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Docker's default set: Pod Security Standards' baseline and NET_RAW. */
export const DEFAULT_CAPABILITIES = words(`
  AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID
  SYS_CHROOT`);

/** A capability's name as the engine reads it. ASCII only: Go's ToUpper turns ſ into S. */
export const capabilityOf = (name: string): string =>
  /^[A-Za-z_]+$/.test(name) ? name.toUpperCase().replace(/^CAP_/, "") : name;

/** The security options that only take something away. */
export const NO_NEW_PRIVILEGES = words("no-new-privileges no-new-privileges:true no-new-privileges=true");

/** Limits that bind the container itself. */
export const ULIMITS = ["core", "cpu", "data", "fsize", "nofile", "nproc", "stack"] as const;

/** Labels by which the gateway knows what belongs to whom. */
export const isReservedLabel = (label: string): boolean => label.toLowerCase().startsWith("io.tetherdock.");
