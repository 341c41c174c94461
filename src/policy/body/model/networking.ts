/** How a container is reached: published ports, and the engine's own networks. */
import { isList, isObject, type JsonValue } from "../json/value.ts";
import { allForbidden, eachOf, limited, struct, type Type } from "../mark.ts";
import { isOneOf } from "./rules.ts";

const OWN_NETWORKS = ["default", "bridge", "none"] as const;
const NETWORK =
  "only the networks bridge and none are allowed: others are the host's or may be somebody else's; leave out --network";

export const networkMode = limited(
  "hostNamespaces",
  (value) => typeof value === "string",
  NETWORK,
  isOneOf("", ...OWN_NETWORKS),
);

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

function arePublishable(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  return [...value.values()].every(
    (all) =>
      !isList(all) ||
      all.every((one) => isObject(one) && isAllowedPort((one.get("HostPort") as string) ?? "")),
  );
}

export const portBindings = limited(
  "hostPorts",
  bindings,
  `publish on a port of the host from ${LEAST_PORT} up, or let the engine choose one (-p 80)`,
  arePublishable,
);

const ENDPOINT =
  "IPAMConfig Links MacAddress Aliases DriverOpts GwPriority NetworkID EndpointID Gateway IPAddress IPPrefixLen " +
  "IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen DNSNames";

export const networkingConfig = struct({
  EndpointsConfig: eachOf(
    struct(
      allForbidden(
        "networkEndpoint",
        ENDPOINT,
        "addresses and names in networks are not judged yet; leave it out",
      ),
    ),
    "hostNamespaces",
    NETWORK,
    (key) => isOneOf(...OWN_NETWORKS)(key),
  ),
});
