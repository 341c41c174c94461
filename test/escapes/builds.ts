/** By building an image: the host's network and its services, other frontends, other people's images and what they built. */
import { createHash, randomUUID } from "node:crypto";
import { CONTROL_SOLVE } from "../../src/policy/build/messages.ts";
import {
  bytes,
  flag,
  integer,
  list,
  type Message,
  type Model,
  message,
  one,
  text,
  write,
} from "../../src/policy/build/wire.ts";

/** A service on the host that only the host itself reaches. It also has a Dockerfile and a Git repository. */
export const INNER = "http://127.0.0.1:8099";
export const INNER_SECRET = "only the host itself reaches this";
/** What a frontend made by somebody else ends with. */
const RAN = "exit code: 42";

/**
 * A build. In all texts: `{new}` a name for its image, `{victim}` another client's image, `{owner}` the hash of that client's
 * key, `{sandbox}` the host name of that client's builds, `{folder}` that has what the other client built from.
 */
export interface BuildEscape {
  readonly name: string;
  /** Words after `docker`. */
  readonly command: string;
  /** What Docker itself wants to be told besides. Only an admin says it. */
  readonly consent?: string;
  /** On the standard input. */
  readonly dockerfile: string;
  /** What shows that it works for an admin. */
  readonly prints: string;
  /** It works, and the build itself fails all the same. */
  readonly fails?: boolean;
  /** The first Engine that no longer does it. */
  readonly until?: number;
  /** What a deployer's build prints instead. */
  readonly refusal: string;
  /** It is allowed, and does not do what it does for an admin. */
  readonly ignored?: boolean;
  /** Words after `docker` once the image is there: it prints what shows that it works. */
  readonly afterwards?: string;
  /** On its standard input. Not `docker run`: of a container that ends at once, Engine 26.1 loses the output once in a thousand times. */
  readonly input?: string;
  /** Not while others build: BuildKit then, rarely, gives an empty cache mount instead of the one that is there. */
  readonly alone?: boolean;
}

const BUILD = "buildx build --no-cache";
const TINY = "FROM tiny\n";
const RUN = `${TINY}RUN echo an ordinary build\n`;
const GET = `wget -qO- ${INNER}/secret`;

const build = (name: string, words: string, dockerfile: string, refusal: string, prints: string) => ({
  ...{ name, command: `${BUILD} ${words} -`, dockerfile, refusal, prints },
});

/** What comes from the host's service. */
const fetched = (name: string, words: string, dockerfile: string, refusal: string): BuildEscape =>
  build(name, words, dockerfile, refusal, INNER_SECRET);

const remote = (name: string, context: string): BuildEscape => ({
  ...{ name, command: `${BUILD} ${context}`, dockerfile: "" },
  ...{ prints: "built from the host", refusal: "check source" },
});

/** A line that hands the build to another frontend. */
const syntax = (name: string, line: string, prints = "an ordinary build"): BuildEscape => ({
  ...build(name, "", `${line}\n${RUN}`, prints, RAN),
  ...{ fails: true, ignored: true },
});

const tagged = (name: string, words: string): BuildEscape =>
  build(name, words, RUN, "check imageName", "naming to docker.io/library/{victim}");

const labelled = (name: string, label: string): BuildEscape => ({
  ...build(name, `--label ${label}=forged -t {new}`, RUN, "check labels", `"${label}":"forged"`),
  afterwards: "image inspect -f '{{json .Config.Labels}}' {new}",
});

/** The same by compose, which asks in words of its own. @param fields of the service, and of its `build` */
const composed = (name: string, fields: string, dockerfile: string, check: string, prints: string) => ({
  ...{
    name: `compose: ${name}`,
    command: "compose -p {new} -f - build --no-cache",
    refusal: `check ${check}`,
  },
  dockerfile: `services: { web: { ${fields}, dockerfile_inline: ${JSON.stringify(dockerfile)} } } }`,
  prints,
});

export const builds: readonly BuildEscape[] = [
  fetched("--network host", "--network host", `${TINY}RUN ${GET}`, "check hostNamespaces"),
  {
    ...fetched("RUN --network=host", "", `${TINY}RUN --network=host ${GET}`, "network.host is not allowed"),
    consent: "--allow network.host",
  },
  fetched(
    "RUN --network=host, with --allow",
    "--allow network.host",
    `${TINY}RUN --network=host ${GET}`,
    "check entitlements",
  ),
  build(
    "--allow security.insecure",
    "--allow security.insecure",
    RUN,
    "check entitlements",
    "an ordinary build",
  ),
  build("--cgroup-parent", "--cgroup-parent system.slice", RUN, "check cgroupParent", "an ordinary build"),

  fetched("ADD of a URL", "", `${TINY}ADD ${INNER}/secret /s\nRUN cat /s`, "denied by policy"),
  fetched(
    "ADD of a Git repository",
    "",
    `${TINY}ADD ${INNER}/repo.git /r\nRUN cat /r/secret`,
    "denied by policy",
  ),
  fetched("ADD of a URL in an image's ONBUILD", "", "FROM onbuild\nRUN cat /s", "denied by policy"),
  fetched(
    "ADD of a URL in a stage that another mounts",
    "",
    `FROM scratch AS a\nADD ${INNER}/secret /s\n${TINY}RUN --mount=from=a,target=/a cat /a/s`,
    "denied by policy",
  ),
  remote("a context that is a URL", `${INNER}/Dockerfile`),
  remote("a context that is a Git repository", `${INNER}/repo.git`),
  {
    ...fetched(
      "a named context that is a URL",
      `--build-context x=${INNER}/secret`,
      `${TINY}RUN --mount=from=x,target=/x cat /x/secret`,
      "check source",
    ),
    until: 28,
  },
  fetched(
    "a named context that is a Git repository",
    `--build-context x=${INNER}/repo.git`,
    `${TINY}RUN --mount=from=x,target=/x cat /x/secret`,
    "check source",
  ),

  {
    ...build("BUILDKIT_SYNTAX", "--build-arg BUILDKIT_SYNTAX=frontend", RUN, "check frontend", RAN),
    fails: true,
  },
  syntax("# syntax=", "# syntax=frontend"),
  syntax("# syntax= after other directives", "# escape=\\\n# syntax=frontend"),
  syntax("# syntax= behind #!", "#!/usr/bin/env x\n# syntax=frontend"),
  syntax("// syntax=", "// syntax=frontend", "unknown instruction: //"),
  {
    ...build("a syntax in JSON", "", '{"syntax":"frontend"}', "unknown instruction", RAN),
    ...{ fails: true, ignored: true },
  },

  build("--cache-from of a registry", "--cache-from 127.0.0.1:1/x", RUN, "check cache", "an ordinary build"),
  build("--cache-from of an image", "--cache-from tiny", RUN, "check cache", "an ordinary build"),
  {
    ...build("--push", "--push -t 127.0.0.1:1/{new}", RUN, "check push", "127.0.0.1:1/{new}"),
    fails: true,
  },

  tagged("-t with another's name", "-t {victim}"),
  tagged("-t with another's name, written in full", "-t docker.io/library/{victim}:latest"),
  tagged("-t with another's name, with the registry's old name", "-t index.docker.io/library/{victim}"),
  tagged("-t with another's name behind a new one", "-t {new} -t {victim}"),
  tagged("an exporter with another's name", "--output type=image,name={victim}"),
  labelled("--label with who built it", "io.tetherdock.builder"),
  labelled("--label with an owner", "io.tetherdock.owner"),
  labelled("--label with an owner, in another case", "IO.Tetherdock.Owner"),
  {
    ...build(
      "LABEL with who built it",
      "-t {new}",
      `${TINY}LABEL io.tetherdock.builder=forged`,
      "exporting to image",
      '"io.tetherdock.builder":"forged"',
    ),
    ...{ afterwards: "image inspect -f '{{json .Config.Labels}}' {new}", ignored: true },
  },

  composed(
    "the host's network",
    "build: { network: host",
    `${TINY}RUN ${GET}`,
    "hostNamespaces",
    INNER_SECRET,
  ),
  {
    ...composed(
      "a named context that is a URL",
      `build: { additional_contexts: ["x=${INNER}/secret"]`,
      `${TINY}RUN --mount=from=x,target=/x cat /x/secret`,
      "source",
      INNER_SECRET,
    ),
    until: 28,
  },
  composed(
    "another's name",
    'image: "{victim}", build: { context: .',
    RUN,
    "imageName",
    "naming to docker.io/library/{victim}",
  ),
  composed("cache_from", "build: { cache_from: [tiny]", RUN, "cache", "an ordinary build"),

  {
    ...{ name: "another's RUN with a secret, by the host name of its builds" },
    command: "buildx build --build-arg BUILDKIT_SANDBOX_HOSTNAME={sandbox} -t {new} {folder}",
    ...{ dockerfile: "", afterwards: "build --no-cache -", input: "FROM {new}\nRUN cat /kept\n" },
    prints: "hunter2",
    refusal: "can't open '/run/secrets/key'",
  },
  {
    ...{ name: "another's cache mount, by its namespace" },
    command: "buildx build --build-arg BUILDKIT_CACHE_MOUNT_NS={owner} -",
    dockerfile: `${TINY}RUN --mount=type=cache,id=c,target=/c cat /c/x && : {new}`,
    ...{ prints: "hunter2", refusal: "can't open '/c/x'", alone: true },
  },
  {
    ...{ name: "the builds of all: disk usage", command: "buildx du", dockerfile: "" },
    ...{ prints: "Total:", refusal: "check method" },
  },
];

/** A call of BuildKit's own, which no docker command makes in this way. */
export interface BuildCall {
  readonly name: string;
  readonly method: string;
  readonly message: Uint8Array;
  readonly refusal: string;
}

/** An operation of LLB, and a build's operations, as far as they are needed here. */
const OPERATION: Model = {
  1: list("inputs", message({ 1: one("digest", text), 2: one("index", integer) })),
  3: one("source", message({ 1: one("identifier", text) })),
};
const DEFINITION: Model = { 1: list("def", bytes) };

/** Steps that are sent directly: one fetches from the host's service, the last one is the result. */
function steps(): Uint8Array {
  const source = write({ source: { identifier: `${INNER}/secret` } }, OPERATION);
  const digest = `sha256:${createHash("sha256").update(source).digest("hex")}`;
  return write({ def: [source, write({ inputs: [{ digest, index: 0n }] }, OPERATION)] }, DEFINITION);
}

const CONTROL = "moby.buildkit.v1.Control";
const solve = (more: Message): Uint8Array =>
  write({ Ref: randomUUID(), Session: randomUUID(), ...more }, CONTROL_SOLVE);

export const buildCalls: readonly BuildCall[] = [
  {
    ...{ name: "steps that are sent directly", method: `${CONTROL}/Solve`, refusal: "check llb" },
    message: solve({ Definition: steps() }),
  },
  {
    ...{ name: "the history of builds", method: `${CONTROL}/ListenBuildHistory`, refusal: "check method" },
    message: write({ EarlyExit: true }, { 3: one("EarlyExit", flag) }),
  },
  {
    ...{ name: "the build cache's prune", method: `${CONTROL}/Prune`, refusal: "check method" },
    message: new Uint8Array(),
  },
];
