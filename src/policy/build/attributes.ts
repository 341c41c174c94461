/**
 * The attributes that the Dockerfile frontend reads. Only those listed here pass; some are added, which makes the builds of
 * clients independent of each other.
 * @see moby/buildkit, frontend/dockerui/config.go, frontend/dockerfile/builder/build.go
 */
import { OWNER_LABEL } from "../body/model/config.ts";
import { isOneOf, isReservedLabel, ULIMITS, words } from "../body/model/rules.ts";
import { ownId } from "./own-id.ts";
import { refuse } from "./refusal.ts";
import type { Entries } from "./wire.ts";

/** Says who built an image, and may therefore give its name to another one later. */
export const BUILDER_LABEL = "io.tetherdock.builder";

/**
 * Labels of each image that a client builds: who has built it, and nobody as the owner of its containers. An image with another
 * client's hash would stop that client's prune.
 */
export const imageLabels = (builder: string): readonly (readonly [name: string, value: string])[] => [
  [BUILDER_LABEL, builder],
  [OWNER_LABEL, ""],
];

const CACHE_NAMESPACE = "build-arg:BUILDKIT_CACHE_MOUNT_NS";
const SANDBOX_HOSTNAME = "build-arg:BUILDKIT_SANDBOX_HOSTNAME";

const HARMLESS = words(`
  target filename platform no-cache image-resolve-mode multi-platform add-hosts shm-size memory memswap cpushares cpuperiod
  cpuquota cpusetcpus cpusetmems contextkey dockerfilekey frontend.caps requestid attest:provenance`);

/** Names the session that has a folder: buildx bake and compose have one session for several builds. */
const SESSION_OF = "local-sessionid:";

/** Build arguments, labels, parts of provenance, and names of the client's own folders. */
const HARMLESS_PREFIXES: readonly string[] = ["build-arg:", "label:", "vcs:", "sharedkey:", SESSION_OF];

const OTHER_FRONTEND = [
  "frontend",
  "another frontend than the engine's own could make any build step; leave out BUILDKIT_SYNTAX",
] as const;

/** Attributes that are refused, each with its check and what to do. */
const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  "cgroup-parent": ["cgroupParent", "builds stay in the engine's cgroup; leave out --cgroup-parent"],
  // newer buildx sends all three, in any order
  "build-arg:BUILDKIT_SYNTAX": OTHER_FRONTEND,
  source: OTHER_FRONTEND,
  cmdline: OTHER_FRONTEND,
  "cache-from": ["cache", "imported cache could change other clients' builds; leave out --cache-from"],
  "cache-imports": ["cache", "imported cache could change other clients' builds; leave out --cache-from"],
  "attest:sbom": ["attestations", "it runs a scanner of the client's choice; leave out --sbom"],
};

/** A context that is read through the client's own session, or is an image. */
const CONTEXT = /^(?:local|docker-image):/;

/** Attributes that depend on their value. */
const LIMITED: Readonly<Record<string, (value: string, place: string) => void>> = {
  "force-network-mode": (value, place) => {
    if (!["", "none", "sandbox", "default"].includes(value))
      refuse("hostNamespaces", place, value, "builds use their own network; leave out --network");
  },
  ulimit: (value, place) => {
    const names = value.split(",").map((limit) => limit.split("=")[0] ?? "");
    if (!names.every(isOneOf(...ULIMITS)))
      refuse("ulimits", place, value, `only ${ULIMITS.join(", ")} are allowed`);
  },
  context,
};

/** How buildx names an archive that it reads from the standard input and serves itself. */
const PIPED = "http://buildkit-session/";

/** How clients name what another target has built, and how buildx sends it: its steps go with it. */
const TARGET = /^(?:input|target):/;
const TARGET_DATA = "input-metadata:";
const NOT_TARGET =
  "a build from another target or service brings that one's steps, which are not judged; build that one first with a name (-t), and use docker-image://NAME";

function context(value: string, place: string): void {
  if (CONTEXT.test(value)) return;
  if (TARGET.test(value)) refuse("llb", place, value, NOT_TARGET);
  const why = value.startsWith(PIPED)
    ? "an archive on the standard input is not judged yet; unpack it and build from the folder"
    : "the engine would fetch it from inside its network; build from a local folder";
  refuse("source", place, value, why);
}

/** @throws CallProblem if only the gateway may set the label */
export function checkLabel(name: string, value: string, place: string): void {
  if (isReservedLabel(name))
    refuse("labels", place, value, "labels that begin with io.tetherdock. are the gateway's; leave it out");
}

function check(name: string, value: string, place: string): void {
  const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (refused) refuse(refused[0], place, value, refused[1]);
  const limited = Object.hasOwn(LIMITED, name) ? LIMITED[name] : undefined;
  if (limited) limited(value, place);
  else if (name.startsWith("context:")) context(value, place);
  else if (name.startsWith(TARGET_DATA)) refuse("llb", place, value, NOT_TARGET);
  else if (name.startsWith("label:")) checkLabel(name.slice("label:".length), value, place);
  else if (!HARMLESS.has(name) && !HARMLESS_PREFIXES.some((prefix) => name.startsWith(prefix)))
    refuse("attributes", place, value, "tetherdock does not know it; leave it out");
}

/** A host name of 46 characters: the key's first 160 bits. */
const hostnameOf = (owner: string): string => `build-${owner.slice(0, 40)}`;

/**
 * What is added to every build:
 * - `cmdline`: the frontend then ignores `# syntax=`, which would hand the build to another frontend, an image.
 * - a namespace for cache mounts, so that clients do not share what they cache.
 * - a host name, which is part of the key of each RUN's cache: a RUN may depend on what is not in its key, such as
 *   secrets, proxies and the addresses of hosts. So a client gets nobody else's result.
 * - the labels of each image.
 */
function added(owner: string, given: Entries): [string, string][] {
  const namespace = given.get(CACHE_NAMESPACE);
  return [
    ["cmdline", "dockerfile.v0"],
    [
      CACHE_NAMESPACE,
      namespace === undefined ? owner : `${owner}-${encodeURIComponent(namespace as string)}`,
    ],
    [SANDBOX_HOSTNAME, hostnameOf(owner)],
    ...imageLabels(owner).map(([name, value]): [string, string] => [`label:${name}`, value]),
  ];
}

/** @param place of the map @returns the attributes that the engine gets @throws CallProblem */
export function judgeAttributes(given: Entries, owner: string, place: string): Entries {
  for (const [name, value] of given) check(name, value as string, `${place}.${name.slice(0, 80)}`);
  const own = [...given].map(([name, value]): [string, string] => [
    name,
    name.startsWith(SESSION_OF) ? ownId("session", owner, value as string) : (value as string),
  ]);
  return new Map([...own, ...added(owner, given)]);
}
