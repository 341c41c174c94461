/** Shapes that several kinds of answers share. */
import { blanked, fields, list, type Mark, mark, plainMap, shown, showPlain } from "./mark.ts";
import {
  address,
  commandArguments,
  commandList,
  environment,
  labels,
  networkOptions,
  options,
  probeCommand,
} from "./texts.ts";

/** A map with empty values: `{"80/tcp": {}}`. */
const nameSet = mark("shown", "names only", (value) =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? null
    : Object.fromEntries(Object.keys(value).map((name) => [name, {}])),
);

export const version = fields(shown("Index"));

export const platform = fields(shown("architecture os os.version os.features variant"));

export const descriptor = fields({
  ...shown("mediaType digest size artifactType"),
  urls: address,
  annotations: labels,
  data: blanked("the content itself"),
  platform,
});

export const mountPoint = fields(shown("Type Name Source Destination Driver Mode RW Propagation"));

export const driver = fields({ ...shown("Name Type"), Options: options, Config: options });

export const mount = fields({
  ...shown("Target Type ReadOnly Consistency"),
  ...shown("Source", "a path of the host or a volume's name"),
  BindOptions: fields(
    shown("Propagation NonRecursive CreateMountpoint ReadOnlyNonRecursive ReadOnlyForceRecursive"),
  ),
  VolumeOptions: fields({ ...shown("NoCopy Subpath"), Labels: labels, DriverConfig: driver }),
  ImageOptions: fields(shown("Subpath")),
  TmpfsOptions: fields(shown("SizeBytes Mode Options")),
  ClusterOptions: fields({}),
});

export const healthConfig = fields({
  ...shown("Interval Timeout Retries StartPeriod StartInterval"),
  Test: probeCommand,
});

/** The configuration of a container, and of an image. */
export const config = fields({
  ...shown("Hostname Domainname User AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce"),
  ...shown("ArgsEscaped Image WorkingDir NetworkDisabled MacAddress StopSignal StopTimeout Platform"),
  Env: environment,
  Cmd: commandArguments,
  Entrypoint: commandList,
  Shell: commandList,
  Healthcheck: healthConfig,
  ExposedPorts: nameSet,
  Volumes: nameSet,
  OnBuild: blanked("commands of a later build: ENV TOKEN=…"),
  Labels: labels,
});

export const graphDriver = fields({
  ...shown("Name"),
  Data: fields(shown("LowerDir MergedDir UpperDir WorkDir ID", "paths of the host")),
});

export const port = fields(shown("IP PrivatePort PublicPort Type"));

export const endpoint = fields({
  ...shown("Links MacAddress Aliases GwPriority NetworkID EndpointID Gateway IPAddress IPPrefixLen"),
  ...shown("IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen DNSNames"),
  IPAMConfig: fields(shown("IPv4Address IPv6Address LinkLocalIPs")),
  DriverOpts: networkOptions,
});

export const ipam = fields({
  ...shown("Driver"),
  Options: options,
  Config: list(
    fields({ ...shown("Subnet IPRange Gateway"), AuxiliaryAddresses: plainMap("addresses, by host") }),
  ),
});

export const genericResources = list(
  fields({
    NamedResourceSpec: fields(shown("Kind Value")),
    DiscreteResourceSpec: fields(shown("Kind Value")),
  }),
);

/** Certificates, which are public. */
export const tlsInfo = fields(
  shown("TrustRoot CertIssuerSubject CertIssuerPublicKey", "of certificates: public"),
);

export const topology = fields({ Segments: plainMap("zones, by name") });

export const sysctls: Mark = plainMap("settings of the kernel");

export const freeText = (why: string): Mark => mark("shown", why, showPlain);
