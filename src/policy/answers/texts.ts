/** Texts that are shown in part: command lines, variables, labels, addresses with passwords. */
import {
  BLANK,
  blanked,
  type Mark,
  mark,
  namedOnly,
  onTexts,
  type Show,
  showEach,
  showType,
} from "./mark.ts";

/** A path or a name; not an option, a `NAME=value` or an address, which come first if somebody forgot the program. */
const PROGRAM = /^[\w./\\~+][\w./\\~+:-]*$/;

const programOf = (text: string): string => (text === "" || PROGRAM.test(text) ? text : BLANK);

/** The program of a command line, without its arguments. */
export function firstWord(text: string): string {
  const space = text.search(/\s/);
  return space < 0 ? programOf(text) : `${programOf(text.slice(0, space))} ${BLANK}`;
}

/** `NAME=value`; a name alone takes a variable out, and is no secret. */
function nameOf(text: string): string {
  const equals = text.indexOf("=");
  return equals < 0 ? text : `${text.slice(0, equals)}=${BLANK}`;
}

/** `http://user:password@proxy:3128/?token=…` */
function withoutCredentials(text: string): string {
  return text.replace(/^(\w[\w+.-]*:\/\/)?.*@/s, `$1${BLANK}@`).replace(/[?#].*/s, `?${BLANK}`);
}

const showFirst: Show = (value) =>
  Array.isArray(value)
    ? value.map((inner, index) =>
        index === 0 && typeof inner === "string" ? programOf(inner) : showType(inner),
      )
    : showType(value);

const PROBES: ReadonlySet<unknown> = new Set(["CMD", "CMD-SHELL", "NONE"]);

const showProbe: Show = (value) =>
  Array.isArray(value)
    ? value.map((inner, index) => (index === 0 && PROBES.has(inner) ? inner : showType(inner)))
    : showType(value);

/** How dockerd's own profiles and a label are named; a profile itself is a JSON text, a gMSA's is a credential. */
const HARMLESS_SECURITY =
  /^(?:no-new-privileges(?:[=:](?:true|false))?|(?:label|apparmor)[=:][\w.:,/-]+|seccomp[=:](?:unconfined|builtin)|systempaths[=:]unconfined|writable-cgroups[=:](?:true|false))$/;

/** The program and its arguments in one text. */
export const commandLine = mark("in part", "the program; arguments hold passwords", onTexts(firstWord));

/** The program and its arguments in a list. */
export const commandList = mark("in part", "the program; arguments hold passwords", showFirst);

/** The program alone. */
export const program = mark(
  "in part",
  "a path or a name; nothing that looks like an argument",
  onTexts(programOf),
);

export const commandArguments = blanked("arguments hold passwords");

export const probeCommand = mark("in part", "how it is run; the command holds passwords", showProbe);

export const environment = mark("in part", "names of variables; values hold passwords", onTexts(nameOf));

export const address = mark("in part", "without user, password and query", onTexts(withoutCredentials));

export const securityOptions = mark(
  "in part",
  "names; values only where they name a profile of dockerd's",
  onTexts((text) => (HARMLESS_SECURITY.test(text) ? text : nameOf(text.replace(":", "=")))),
);

/** What compose and swarm write, and what describes an image, in labels of their own. */
const under = (prefix: string, names: string): string[] =>
  names.split(" ").map((name) => `${prefix}.${name}`);

const KNOWN_LABELS: ReadonlySet<string> = new Set([
  ...under("com.docker.compose", "config-hash container-number depends_on image image.builder network"),
  ...under("com.docker.compose", "oneoff project project.config_files project.environment_file"),
  ...under("com.docker.compose", "project.working_dir replace service slug version volume"),
  ...under("com.docker.stack", "namespace image"),
  ...under("com.docker.swarm", "node.id service.id service.name task task.id task.name"),
  ...under("org.opencontainers.image", "created licenses ref.name revision title vendor version"),
]);

const LABELS_WHY = "names; values of compose's, swarm's and some of OCI's own: others hold passwords";
export const labels: Mark = namedOnly(KNOWN_LABELS, LABELS_WHY);
export const isKnownLabel = (name: string): boolean => KNOWN_LABELS.has(name);

/** An engine's own, as `name=value`. */
export const labelList = mark("in part", "names; values are free text", onTexts(nameOf));

/** Options of a driver: a CIFS password, a Splunk token. */
export const options: Mark = namedOnly(new Set(), "names; values hold passwords and tokens");

/** Options of Docker's own network drivers: documented, and in compose files. */
const NETWORK_OPTIONS: ReadonlySet<string> = new Set([
  ...under(
    "com.docker.network.bridge",
    "name enable_icc enable_ip_masquerade host_binding_ipv4 default_bridge",
  ),
  ...under("com.docker.network.bridge", "gateway_mode_ipv4 gateway_mode_ipv6 inhibit_ipv4"),
  ...under("com.docker.network.bridge", "trusted_host_interfaces"),
  ...under(
    "com.docker.network",
    "driver.mtu container_iface_prefix host_ipv4 host_ipv6 enable_ipv4 enable_ipv6",
  ),
  ...under("com.docker.network", "internal endpoint.sysctls endpoint.ifname driver.overlay.vxlanid_list"),
  ..."parent macvlan_mode ipvlan_mode ipvlan_flag encrypted".split(" "),
]);

export const networkOptions: Mark = namedOnly(
  NETWORK_OPTIONS,
  "names; values of Docker's own drivers: another's hold tokens",
);

/** Pairs of a name and a text, such as a storage driver's status. */
export function pairs(known: ReadonlySet<unknown>, why: string): Mark {
  const showPair: Show = (pair) =>
    Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string"
      ? [pair[0], known.has(pair[0]) ? showText(pair[1]) : showType(pair[1])]
      : undefined;
  return mark("in part", why, (value) =>
    Array.isArray(value) ? showEach(value, showPair) : showType(value),
  );
}

const showText: Show = (value) => (typeof value === "string" ? value : showType(value));
