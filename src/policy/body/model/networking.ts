/** How a container is reached: published ports, and networks. */
import { isList, isObject, type JsonValue } from "../json/value.ts";
import {
  allForbidden,
  allHarmless,
  eachOf,
  flag,
  forbidden,
  harmless,
  integer,
  limited,
  type Mark,
  refused,
  struct,
  type Type,
  text,
  textMap,
  texts,
} from "../mark.ts";
import { labels } from "./config.ts";
import { isName, isNewName, isOneOf } from "./rules.ts";

/** The engine's own networks that a container may join: `default` is `bridge`. */
export const isEngines: (name: JsonValue) => boolean = isOneOf("", "default", "bridge", "none");

const NETWORK =
  "only bridge, none and a network of your own are allowed: others are the host's, a container's or somebody else's";

/** A name or an ID. Whose network it is, the engine is asked later. */
const isNetwork = (name: JsonValue): boolean =>
  isEngines(name) || (isName(name as string) && name !== "host");

export const networkMode = limited("hostNamespaces", text, NETWORK, isNetwork);

const LEAST_PORT = 1024;
const PORT = /^\d{1,5}$/;

/** A port, a range, or nothing: then the engine chooses one. */
function isAllowedPort(text: string): boolean {
  if (text === "" || text === "0") return true;
  const ports = text.split("-");
  return ports.length <= 2 && ports.every((port) => PORT.test(port) && Number(port) >= LEAST_PORT);
}

const isBinding: Type = (value) =>
  isObject(value) &&
  [...value].every(([key, inner]) => /^Host(?:Ip|Port)$/.test(key) && typeof inner === "string");
const bindings: Type = (value) =>
  isObject(value) &&
  [...value.values()].every((all) => all === null || (isList(all) && all.every(isBinding)));

/** @param value of the type `bindings` @returns the first port of the host that is not allowed, and the container's */
function privilegedPort(value: JsonValue): { container: string; host: string } | undefined {
  for (const [container, all] of isObject(value) ? value : [])
    for (const one of isList(all) ? all.filter(isObject) : []) {
      const host = (one.get("HostPort") ?? "") as string;
      if (!isAllowedPort(host)) return { container, host };
    }
  return undefined;
}

const publish = (port: string): string =>
  `publish on a port of the host from ${LEAST_PORT} up, or let the engine choose one (-p ${port})`;

const publishable = limited("hostPorts", bindings, publish("80"), () => true);

export const portBindings: Mark = {
  ...publishable,
  read: (value, place) => {
    const read = publishable.read(value, place);
    const wrong = privilegedPort(read ?? null);
    if (wrong === undefined) return read;
    const { container, host } = wrong;
    return refused(
      "hostPorts",
      `${place}[${container}].HostPort`,
      host,
      publish(container.split("/")[0] ?? ""),
    );
  },
};

const ENGINES_OWN =
  "NetworkID EndpointID Gateway IPAddress IPPrefixLen IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen DNSNames";

/** In a network of the caller's own. */
const endpoint = struct({
  ...allHarmless(texts, "Aliases Links", "names in the network only"),
  MacAddress: harmless(text, "in the network only"),
  GwPriority: harmless(integer, "in the container only"),
  IPAMConfig: forbidden("networkAddress", "the engine chooses addresses; leave out --ip"),
  DriverOpts: forbidden("networkEndpoint", "options of drivers are not judged yet; leave them out"),
  ...allForbidden("networkEndpoint", ENGINES_OWN, "the engine sets it; leave it out"),
});

export const networkingConfig = struct({
  EndpointsConfig: eachOf(endpoint, "hostNamespaces", NETWORK, (name) => name !== "" && isNetwork(name)),
});

const ADDRESSES =
  "addresses of the caller's choice could be those of other hosts; the engine chooses free ones: leave it out";

const OPTIONS: Readonly<Record<string, RegExp>> = {
  "com.docker.network.bridge.enable_icc": /^(?:true|false)$/,
  "com.docker.network.driver.mtu": /^\d{2,5}$/,
};

const areOptions = (value: JsonValue): boolean =>
  isObject(value) &&
  [...value].every(([name, one]) => Object.hasOwn(OPTIONS, name) && OPTIONS[name]?.test(one as string));

/** An engine that joins a swarm takes the network of this name, and connects all its tasks to it. */
const SWARMS: ReadonlySet<string> = new Set(["docker_gwbridge", "ingress"]);

export const networkCreate = struct({
  Name: limited(
    "name",
    text,
    "use letters, digits, _ . and -, and not only 12 or more hexadecimal digits, and no name of a swarm's own networks",
    (value) => isName(value as string) && isNewName(value as string) && !SWARMS.has(value as string),
  ),
  CheckDuplicate: harmless(flag, "the gateway sends true: engines before 25 allow a name twice"),
  Driver: limited(
    "networkDriver",
    text,
    "only the driver bridge is allowed: others connect to networks of the host or of the swarm",
    isOneOf("", "bridge"),
  ),
  Scope: limited("networkDriver", text, "only local is allowed; leave it out", isOneOf("", "local")),
  ...allHarmless(
    flag,
    "Internal EnableIPv4 EnableIPv6",
    "of its own bridge, with addresses that the engine chooses",
  ),
  ...allForbidden("networkDriver", "Attachable Ingress", "it is for networks of a swarm; leave it out"),
  ...allForbidden(
    "networkDriver",
    "ConfigOnly ConfigFrom",
    "the configuration of another network is not judged; leave it out",
  ),
  IPAM: struct({
    Driver: limited("networkDriver", text, "only default is allowed; leave it out", isOneOf("", "default")),
    Config: forbidden("networkAddress", ADDRESSES),
    Options: forbidden("networkAddress", ADDRESSES),
  }),
  Options: limited(
    "networkDriver",
    textMap,
    "only com.docker.network.bridge.enable_icc and com.docker.network.driver.mtu are allowed",
    areOptions,
  ),
  Labels: labels,
});

const container = harmless(text, "looked up: only one's own");

export const networkConnect = struct({ Container: container, EndpointConfig: endpoint });
export const networkDisconnect = struct({
  Container: container,
  Force: harmless(flag, "of one's own container and network"),
});
