/** The bodies that a deployer may send, field by field. */
import {
  allHarmless,
  command,
  flag,
  forbidden,
  harmless,
  integer,
  listOf,
  type Mark,
  struct,
  text,
  texts,
} from "../mark.ts";
import { config } from "./config.ts";
import type { HostBind } from "./host-binds.ts";
import { hostConfigMark, hostConfigWith } from "./host-config.ts";
import { networkConnect, networkCreate, networkDisconnect, networkingConfig } from "./networking.ts";
import { containerUpdate } from "./resources.ts";
import { volumeCreate } from "./volume-create.ts";

export { namesOwner, OWNER_LABEL } from "./config.ts";
export type { HostBind } from "./host-binds.ts";
export { isEngines } from "./networking.ts";

/**
 * Go also reads the fields of HostConfig beside `HostConfig`, as clients sent them before API 1.18, and `Cpuset`. They are not
 * here, so they are refused.
 */
const createFields = { ...config, HostConfig: hostConfigMark, NetworkingConfig: networkingConfig };
const containerCreate = struct(createFields);

/** @param binds paths of the host that a role file permits */
export const containerCreateWith = (binds: readonly HostBind[]): Mark =>
  binds.length === 0 ? containerCreate : struct({ ...createFields, HostConfig: hostConfigWith(binds) });

const STREAMS = "the process's own streams";
const consoleSize = harmless(listOf(integer), "of the client's terminal");

const containerExec = struct({
  Privileged: forbidden("privileged", "it is root on the host; leave out --privileged"),
  ...allHarmless(flag, "AttachStdin AttachStdout AttachStderr Tty Detach", STREAMS),
  ...allHarmless(text, "DetachKeys User WorkingDir", "in the container only"),
  Cmd: harmless(command, "runs in the container"),
  Env: harmless(texts, "in the container only"),
  ConsoleSize: consoleSize,
});

const execStart = struct({ ...allHarmless(flag, "Detach Tty", STREAMS), ConsoleSize: consoleSize });

/** By the operation's name. */
export const bodies = {
  ContainerCreate: containerCreate,
  ContainerUpdate: containerUpdate,
  ContainerExec: containerExec,
  ExecStart: execStart,
  VolumeCreate: volumeCreate,
  NetworkCreate: networkCreate,
  NetworkConnect: networkConnect,
  NetworkDisconnect: networkDisconnect,
} as const satisfies Readonly<Record<string, Mark>>;
