/** What the gateway reads of the engine's answers about one object. Pure. */
import {
  bytesOf,
  type FoundContainer,
  type FoundDriver,
  type FoundExec,
  type FoundImage,
  type FoundNetwork,
  type Labels,
  volumeBytes,
} from "../../policy/index.ts";

const ID = /^[0-9a-f]{64}$/;
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

interface Mount {
  readonly Type?: string;
  readonly Source?: string;
}

/** The fields that the gateway uses, of containers, execs, images, volumes and networks. */
export interface Inspected {
  readonly Id?: string;
  readonly ID?: string;
  readonly ContainerID?: string;
  readonly Image?: string;
  readonly Version?: string;
  readonly DockerRootDir?: string;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Labels?: Labels | null;
  readonly Mounts?: unknown;
  readonly Volumes?: unknown;
  readonly ProcessConfig?: { readonly privileged?: boolean };
  readonly Driver?: string;
  readonly Options?: Labels | null;
  readonly Config?: {
    readonly Labels?: Labels | null;
    readonly Volumes?: unknown;
    readonly OnBuild?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly OpenStdin?: boolean;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  };
  readonly HostConfig?: {
    readonly Binds?: readonly string[] | null;
    readonly Mounts?: readonly Mount[] | null;
    readonly PortBindings?: Readonly<Record<string, readonly unknown[] | null>> | null;
    readonly PublishAllPorts?: boolean;
  };
}

function idOf(id: string | undefined, pattern = ID): string {
  if (id === undefined || !pattern.test(id)) throw new Error("dockerd's answer has no ID");
  return id;
}

/** @returns the volumes that were asked for by name: what else is mounted has no name, or is no volume */
function volumesOf({ HostConfig }: Inspected): string[] {
  const binds = (HostConfig?.Binds ?? []).map((bind) => (bind.includes(":") ? bind.split(":")[0] : ""));
  const mounts = (HostConfig?.Mounts ?? []).map(({ Type, Source }) => (Type === "volume" ? Source : ""));
  return [...new Set([...binds, ...mounts])].filter(
    (name): name is string => name !== undefined && name !== "" && !name.startsWith("/"),
  );
}

/** With `PublishAllPorts`, also those that the container, or its image, exposes and does not publish. */
function publishedOf({ Config, HostConfig }: Inspected): number {
  const bindings = HostConfig?.PortBindings ?? {};
  const bound = Object.values(bindings).reduce((all, one) => all + (one?.length ?? 0), 0);
  const exposed = Object.keys(Config?.ExposedPorts ?? {}).filter((port) => !bindings[port]?.length);
  return bound + (HostConfig?.PublishAllPorts === true ? exposed.length : 0);
}

export function containerOf(found: Inspected): FoundContainer {
  const { Id, Image, Config, HostConfig, Mounts } = found;
  return {
    id: idOf(Id),
    image: idOf(Image, IMAGE_ID),
    labels: Config?.Labels ?? {},
    volumes: volumesOf(found),
    published: publishedOf(found),
    hasStdin: Config?.OpenStdin === true,
    variables: (Config?.Env ?? []).length,
    hostConfig: HostConfig,
    mounts: Mounts,
  };
}

export const execOf = ({ ID, ContainerID, ProcessConfig }: Inspected): FoundExec => ({
  id: idOf(ID),
  containerId: idOf(ContainerID),
  isPrivileged: ProcessConfig?.privileged !== false,
});

export const imageOf = ({ Id, Config, Os, Architecture, Variant }: Inspected): FoundImage => ({
  id: idOf(Id, IMAGE_ID),
  labels: Config?.Labels ?? {},
  hasTriggers: (Config?.OnBuild ?? []).length > 0,
  platform: [Os, Architecture, Variant].filter(Boolean).join("/"),
});

/** What Docker keeps of it in a container that is made from the image, as of a description. */
export function configBytesOf({ Config }: Inspected): number {
  const { Volumes = null } = Config ?? {};
  const volumes = typeof Volumes === "object" && Volumes !== null ? Object.keys(Volumes).length : 0;
  return bytesOf(Buffer.from(JSON.stringify(Config ?? {}))) + volumeBytes(volumes);
}

export const driverOf = ({ Driver, Options }: Inspected): FoundDriver => ({
  driver: Driver ?? "",
  options: Options ?? {},
});

export const labelsOf = ({ Labels }: Inspected): Labels => Labels ?? {};

/** @returns null: it is the swarm's, whose IDs are others */
export const networkOf = ({ Id = "", Labels }: Inspected): FoundNetwork | null =>
  ID.test(Id) ? { id: Id, labels: Labels ?? {} } : null;

/** @param volume its name: the engine's filter also finds names that contain it */
export const hasVolume = ({ Volumes }: Inspected, volume: string): boolean =>
  Array.isArray(Volumes) && Volumes.some((one: { readonly Name?: unknown } | null) => one?.Name === volume);

/** Of a list of containers or images. */
export function idsOf(found: unknown): string[] {
  if (!Array.isArray(found)) throw new Error("dockerd's answer is no list");
  return found.map(({ Id = "" }: Inspected) => Id);
}

/** Of a list. */
export const countOf = (found: unknown): number => idsOf(found).length;
