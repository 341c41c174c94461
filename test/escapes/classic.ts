/** By building with the classic builder: the host's network and services, other people's images, and what they built. */
import { type BuildEscape, INNER, INNER_SECRET } from "./builds.ts";

const TINY = "FROM tiny\n";
const GET = `wget -qO- ${INNER}/secret`;
const RUN = `${TINY}RUN echo an ordinary build\n`;
const ORDINARY = "an ordinary build";

const classic = (
  name: string,
  words: string,
  dockerfile: string,
  refusal: string,
  prints = ORDINARY,
): BuildEscape => ({
  ...{ name, command: `build --no-cache ${words} -`, dockerfile, refusal, prints },
});

const fetched = (
  name: string,
  dockerfile: string,
  refusal = "ADD takes only plain paths",
  words = "",
): BuildEscape => classic(name, words, `${dockerfile}RUN cat /s\n`, refusal, INNER_SECRET);

const tagged = (name: string, words: string): BuildEscape =>
  classic(name, words, RUN, "check imageName", "Successfully tagged {victim}:latest");

const labelled = (
  name: string,
  words: string,
  label: string,
  over: Partial<BuildEscape> = {},
): BuildEscape => ({
  ...classic(name, `${words} -t {new}`, RUN, "check labels", `"${label}":"forged"`),
  ...{ afterwards: "image inspect -f '{{json .Config.Labels}}' {new}", ...over },
});

export const classicBuilds: readonly BuildEscape[] = [
  classic("--network host", "--network host", `${TINY}RUN ${GET}\n`, "check hostNamespaces", INNER_SECRET),
  classic("--network of a container", "--network container:{container}", RUN, "check hostNamespaces"),
  classic("--cgroup-parent", "--cgroup-parent system.slice", RUN, "check cgroupParent"),
  classic("--ulimit memlock", "--ulimit memlock=1024", RUN, "check ulimits"),
  classic("--cache-from", "--cache-from tiny", RUN, "check cache"),

  fetched("ADD of a URL", `${TINY}ADD ${INNER}/secret /s\n`),
  fetched("ADD of a URL in an array", `${TINY}ADD ["${INNER}/secret", "/s"]\n`),
  fetched("ADD of a URL in quotes", `${TINY}ADD "${INNER}/secret" /s\n`),
  fetched("ADD of a URL in a variable", `${TINY}ENV U=${INNER}/secret\nADD $U /s\n`),
  fetched(
    "ADD of a URL in an argument",
    `${TINY}ARG U\nADD $U /s\n`,
    undefined,
    `--build-arg U=${INNER}/secret`,
  ),
  fetched("ADD of a URL over two lines", `${TINY}ADD ${INNER.replace("t", "t\\\n")}/secret /s\n`),
  fetched(
    "ADD of a URL behind another escape character",
    `# escape=\`\n${TINY}RUN echo \\\nADD ${INNER}/secret /s\n`,
    "another escape character",
  ),
  fetched("ADD of a URL in the ONBUILD of an image", "FROM onbuild\n", "has ONBUILD instructions"),
  fetched(
    "ADD of a URL in the ONBUILD of an image that an argument names",
    "ARG B=tiny\nFROM $B\n",
    "has ONBUILD instructions",
    "--build-arg B=onbuild",
  ),
  fetched(
    "ADD of a URL in the ONBUILD of a stage",
    `FROM tiny AS a\nONBUILD ADD ${INNER}/secret /s\nFROM a\n`,
  ),

  tagged("-t with another's name", "-t {victim}"),
  tagged("-t with another's name, written in full", "-t docker.io/library/{victim}:latest"),
  tagged("-t with another's name behind a new one", "-t {new} -t {victim}"),
  labelled("--label with who built it", "--label io.tetherdock.builder=forged", "io.tetherdock.builder"),
  labelled("--label with an owner", "--label io.tetherdock.owner=forged", "io.tetherdock.owner"),
  labelled("LABEL with who built it", "", "io.tetherdock.builder", {
    ...{ dockerfile: `${TINY}LABEL io.tetherdock.builder=forged\n` },
    ...{ refusal: "Successfully tagged", ignored: true },
  }),
  {
    ...{
      name: "another's step, of which the result depends on more than the step",
      command: "build -t {new} -",
    },
    ...{ dockerfile: `${TINY}RUN cat /etc/hosts >/kept\n` },
    ...{ afterwards: "build --no-cache -", input: "FROM {new}\nRUN cat /kept\n" },
    ...{ prints: "192.0.2.66", refusal: "127.0.0.1", ignored: true },
  },
];
