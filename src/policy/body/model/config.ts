/** `Config` of a container: what runs in it. */
import { isObject, type JsonValue } from "../json/value.ts";
import {
  allHarmless,
  command,
  flag,
  forbidden,
  harmless,
  integer,
  limited,
  nameSet,
  struct,
  text,
  textMap,
  texts,
} from "../mark.ts";
import { isMountTarget, isReservedLabel, MOUNT_TARGET } from "./rules.ts";

/** Says who owns a container, a volume or a network. The gateway sets it. */
export const OWNER_LABEL = "io.tetherdock.owner";

/** @param labels of an image @returns whether they name an owner; empty, as in each image that is built through a gateway, they name nobody */
export const namesOwner = (labels: Readonly<Record<string, unknown>> | null | undefined): boolean =>
  (labels?.[OWNER_LABEL] ?? "") !== "";

export const labels = limited(
  "ownerLabel",
  textMap,
  "labels that begin with io.tetherdock. are the gateway's; leave them out",
  (value: JsonValue) => isObject(value) && ![...value.keys()].some(isReservedLabel),
);

const healthcheck = struct({
  Test: harmless(texts, "runs in the container"),
  ...allHarmless(
    integer,
    "Interval Timeout Retries StartPeriod StartInterval",
    "when it runs in the container",
  ),
});

export const config = {
  ...allHarmless(text, "Hostname Domainname User WorkingDir StopSignal", "in the container only"),
  ...allHarmless(
    flag,
    "AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce",
    "the container's own streams",
  ),
  NetworkDisabled: harmless(flag, "takes the network away"),
  ArgsEscaped: harmless(flag, "Windows only"),
  Image: harmless(text, "any image of the engine: images are shared"),
  ...allHarmless(command, "Cmd Entrypoint", "runs in the container"),
  Env: harmless(texts, "in the container only, unless the host's default runtime acts on it"),
  Shell: harmless(texts, "in the container only"),
  StopTimeout: harmless(integer, "delays a restart of dockerd, until systemd's own timeout"),
  ExposedPorts: harmless(nameSet, "publishes nothing"),
  Healthcheck: healthcheck,
  OnBuild: forbidden("unused", "it is for images; leave it out"),
  MacAddress: forbidden("networkEndpoint", "it could be another container's; leave out --mac-address"),
  Volumes: limited(
    "mountTargets",
    nameSet,
    MOUNT_TARGET,
    (value) => isObject(value) && [...value.keys()].every(isMountTarget),
  ),
  Labels: labels,
};
