/**
 * Where the idea of each attempt is published: by somebody who closed the same hole, or who says that the engine does what the
 * attempt relies on. The first row counts whose pattern is in the attempt's name and refusal. What is in no row is a field or an
 * operation that Docker's specifications describe.
 */

const API = "Docker Engine API, specifications of 1.25 to 1.56";
const PSS = "Kubernetes, Pod Security Standards";
const DOCKER = "Docker's documentation";

/** @param version of its CHANGELOG @param what that entry closed */
const sockguard = (version: string, what: string): string => `CodesWhat/sockguard ${version}: ${what}`;
/** @param place in its source on 22 August 2026, unless it names a version */
const moby = (place: string): string => `moby/moby, ${place}`;

/** How a request is written. */
const WAYS: readonly (readonly [RegExp, string])[] = [
  [
    /in one write|byte by byte|in chunks :|100-continue|fields in upper case|byte order/,
    "RFC 9112, RFC 9110 and RFC 8259",
  ],
  [/(?:name|parameter) twice/, "Go, net/url: Values.Get takes the first of several values"],
  [/ twice/, sockguard("1.4.2", "keys twice, in two cases")],
  [
    /in (?:an)?other cases?|in (?:lower|upper) case|long s|an escaped name/,
    sockguard("1.4.2", "keys in other cases"),
  ],
  [
    /beside HostConfig/,
    moby("runconfig/config_unix.go of 20.10: HostConfig's fields are also read beside it"),
  ],
  [/without a body/, "CVE-2024-41110: Content-Length 0 hides a body from who authorizes it"],
  [
    /a body that is too large|chunks that are too many|many spaces/,
    "CVE-2026-34040: a large body is hidden from who authorizes it",
  ],
  [/declared as|as JSON/, sockguard("1.1.0", "a Content-Type decides whether the body is read")],
  [
    /container by an? .*(?:escape|zero)|digits of its ID, escaped|API version|with a version/,
    sockguard("1.0.0", "paths that are read in two ways"),
  ],
  [/that is called/, moby("daemon/server/router/container/container.go: {name:.*} takes any name")],
  [/that one's own had/, sockguard("1.4.3", "a permission that is kept for a name")],
  [/that was free/, sockguard("1.1.0", "an absence that is kept for a name")],
];

/** What a body asks for. */
const BODIES: readonly (readonly [RegExp, string])[] = [
  [
    /in a list|^a list|filters|removes another's/,
    sockguard("1.0.0-rc.1", "the caller's filters by label widen a list"),
  ],
  [/(?<!SecurityOpt )label|who built it|with an owner/i, sockguard("1.4.2", "a forged owner's label")],
  [
    /Mode of a container|--network of a container|CgroupnsMode/,
    sockguard("1.5.0-rc.1", "container: in namespaces, and CgroupnsMode"),
  ],
  [
    /VolumesFrom|CgroupParent|a cgroup of|--cgroup-parent|UTSMode/,
    sockguard("1.0.0-rc.1", "VolumesFrom, CgroupParent and UTSMode"),
  ],
  [/Runtime/, sockguard("1.1.0", "runtimes that confine less")],
  [/\/proc|Tmpfs/, "CVE-2019-19921: a volume in the place of /proc"],
  [/volumeDriver|nfs|cifs/, moby("daemon/volume/local/local_unix.go: the options are those of a mount")],
  [
    /shop\/link|shop\/\.\.|shop\/\.\/link/,
    "CVE-2017-1002101 of Kubernetes: a link in a volume, mounted as a subpath",
  ],
  [/networkDriver/, moby("daemon/libnetwork/drivers/bridge/labels.go")],
  [/endpoint|hardware address/, sockguard("1.5.0-rc.2", "EndpointsConfig in the body of a create")],
  [
    /volumeName|another's network|NetworkMode another's|: owner/,
    sockguard("1.5.0-rc.2", "volumes and networks that a create names"),
  ],
  [/logDriver/, `${DOCKER}: logging drivers`],
  [
    /a name (?:that looks )?like an id/i,
    moby("daemon/container.go: GetContainer looks for names before parts of IDs"),
  ],
  [/psArguments/, moby("daemon/top_unix.go: the arguments are those of ps on the host")],
  [
    /waits for the first file|is filled/,
    moby("daemon/container/container_unix.go: an image's files are copied into an empty volume"),
  ],
];

/** Builds. */
const BUILDS: readonly (readonly [RegExp, string])[] = [
  [/syntax/i, sockguard("1.1.0", "# syntax= hands the build to another frontend")],
  [/sent directly/, sockguard("1.7.5-rc.1", "build steps without a frontend")],
  [/ADD of|context that/, `${DOCKER}: the builder fetches what ADD and the context name`],
  [/--network|--allow|compose: the host's network/, `${DOCKER}: docker buildx build --allow`],
  [/another's (?:RUN|cache mount)|cache[-_]from/, "moby/buildkit, docs: what a step's cache depends on"],
  [/another's step/, "CVE-2024-24557: poisoned results in the classic builder's cache"],
  [/is a device/, "CVE-2026-93320: files that are devices"],
  [/imageName|--push|tags|new name/, `${DOCKER}: docker image tag moves a name`],
];

/** Operations. */
const CALLS: readonly (readonly [RegExp, string])[] = [
  [/plugin/, sockguard("1.1.0", "a plugin's configuration is in its archive")],
  [/a service/, sockguard("1.1.0", "a service has what a container may not")],
  [/an image's files|in one archive/, sockguard("1.1.0", "images of others as an archive")],
  [/changes/, moby("daemon/changes.go")],
  [/files out|a file's facts|archive into/, "CVE-2026-41567, CVE-2026-41568 and CVE-2026-42306: docker cp"],
  [
    /that binds \/|privileged|capabilities|hostNamespaces|hostPathVolumes|hostPorts|seccomp|procMount|sysctls/,
    PSS,
  ],
  [/another's|victim|theirs|\{container\}/, sockguard("1.0.0", "things of another owner")],
];

export const SOURCES = [...WAYS, ...BODIES, ...BUILDS, ...CALLS];

/** @param refusal "" if there is none */
export function sourceOf(name: string, refusal: string): string {
  return SOURCES.find(([pattern]) => pattern.test(`${name} : ${refusal}`))?.[1] ?? API;
}
