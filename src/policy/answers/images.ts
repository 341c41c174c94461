/** Answers about images and volumes. */
import { config, descriptor, graphDriver, platform, topology, version } from "./common.ts";
import { blanked, fields, list, shown } from "./mark.ts";
import { address, labels, options } from "./texts.ts";

const CERTIFICATE = "from a signing certificate: public by design";

const signer = fields(
  shown(
    "CertificateIssuer SubjectAlternativeName Issuer BuildSignerURI BuildSignerDigest RunnerEnvironment " +
      "SourceRepositoryURI SourceRepositoryDigest SourceRepositoryRef SourceRepositoryIdentifier " +
      "SourceRepositoryOwnerURI SourceRepositoryOwnerIdentifier BuildConfigURI BuildConfigDigest " +
      "BuildTrigger RunInvocationURI SourceRepositoryVisibilityAtSigning",
    CERTIFICATE,
  ),
);

const identity = fields({
  Signature: list(
    fields({
      ...shown("Name KnownSigner DockerReference SignatureType"),
      Timestamps: list(fields({ ...shown("Type Timestamp"), URI: address })),
      Signer: signer,
      Error: blanked("free text"),
      Warnings: blanked("free text"),
    }),
  ),
  Pull: list(fields(shown("Repository"))),
  Build: list(fields(shown("Ref CreatedAt"))),
});

const manifest = fields({
  ...shown("ID Available Kind"),
  Descriptor: descriptor,
  Size: fields(shown("Total Content")),
  ImageData: fields({
    ...shown("Containers"),
    Platform: platform,
    Identity: identity,
    Size: fields(shown("Unpacked")),
  }),
  AttestationData: fields(shown("For")),
});

export const imageSummary = fields({
  ...shown("Id ParentId RepoTags RepoDigests Created Size SharedSize Containers VirtualSize"),
  Labels: labels,
  Manifests: list(manifest),
  Descriptor: descriptor,
});

export const imageInspect = fields({
  ...shown("Id RepoTags RepoDigests Created Architecture Variant Os OsVersion Size Parent DockerVersion"),
  ...shown("Container VirtualSize"),
  Descriptor: descriptor,
  Manifests: list(manifest),
  Identity: identity,
  Comment: blanked("free text of the image's author"),
  Author: blanked("free text of the image's author"),
  Config: config,
  // before API 1.45: the last command of the build, `|1 TOKEN=value /bin/sh -c …`
  ContainerConfig: fields({ ...config.fields, Entrypoint: blanked("a build's: arguments stand in it") }),
  GraphDriver: graphDriver,
  RootFS: fields(shown("Type Layers BaseLayer")),
  Metadata: fields(shown("LastTagTime")),
});

const SEEN_BY_DRIVERS = "what a CSI driver tells itself from node to node";

const accessMode = fields({
  ...shown("Scope Sharing Availability"),
  MountVolume: fields({
    ...shown("FsType"),
    MountFlags: blanked("options of a mount: a CIFS password"),
  }),
  BlockVolume: fields({}),
  Secrets: list(fields({ ...shown("Key"), ...shown("Secret", "a secret's name or ID, not its content") })),
  AccessibilityRequirements: fields({ Requisite: list(topology), Preferred: list(topology) }),
  CapacityRange: fields(shown("RequiredBytes LimitBytes")),
});

const clusterVolume = fields({
  ...shown("ID CreatedAt UpdatedAt"),
  Version: version,
  Spec: fields({
    ...shown("Group Availability"),
    AccessMode: accessMode,
    Secrets: list(fields({ ...shown("Key"), ...shown("Secret", "a secret's name or ID, not its content") })),
    AccessibilityRequirements: fields({ Requisite: list(topology), Preferred: list(topology) }),
    CapacityRange: fields(shown("RequiredBytes LimitBytes")),
  }),
  Info: fields({
    ...shown("CapacityBytes VolumeID"),
    VolumeContext: blanked(SEEN_BY_DRIVERS),
    AccessibleTopology: list(topology),
  }),
  PublishStatus: list(fields({ ...shown("NodeID State"), PublishContext: blanked(SEEN_BY_DRIVERS) })),
});

export const volume = fields({
  ...shown("Name Driver Mountpoint CreatedAt Scope"),
  Status: blanked("whatever a volume driver reports"),
  Labels: labels,
  Options: options,
  ClusterVolume: clusterVolume,
  UsageData: fields(shown("Size RefCount")),
});

export const volumeList = fields({
  Volumes: list(volume),
  Warnings: blanked("quotes the errors of volume drivers"),
});

export const buildCache = fields({
  ...shown("ID Parent Parents Type InUse Shared Size CreatedAt LastUsedAt UsageCount"),
  Description: blanked("commands of a build, with its arguments"),
});
