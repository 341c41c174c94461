/** By networks: another client's by name or ID, the host's through options, forged labels, wider filters. */
import { call, create, filters, hidden, sparing } from "./attempts.ts";
import { type Escape, OTHERS_NETWORK, type Proof } from "./escape.ts";

const NOT_OWN = "you have no network";
const GONE = "No such network";
const NO_CONTAINER = "No such container";
const OWNER = "io.tetherdock.owner";

const joined = { shows: { NetworkSettings: { Networks: { "{network}": {} } } } };

const joins = (name: string, body: object, proof: Proof = joined): Escape =>
  create(name, { Image: "tiny", ...body }, NOT_OWN, proof);

const mode = (name: string, NetworkMode: string): Escape =>
  joins(name, { HostConfig: { NetworkMode } }, { shows: { HostConfig: { NetworkMode } } });

const endpoint = (name: string, network: string, fields: object, check: string): Escape =>
  create(
    name,
    {
      ...{ Image: "tiny", HostConfig: { NetworkMode: network } },
      NetworkingConfig: { EndpointsConfig: { [network]: fields } },
    },
    check,
    {},
  );

const makes = (name: string, body: object | string, check: string): Escape =>
  call(`a new network: ${name}`, "POST /networks/create", check, { body }, '"Id"');

const withOption = (name: string, value: string): Escape =>
  makes(
    `option ${name}`,
    { Name: `${name.replace(/\W/g, "")}{n}`, Options: { [`com.docker.network.${name}`]: value } },
    "networkDriver",
  );

const connect = (name: string, line: string, body: object | string, refusal: string): Escape =>
  call(name, `POST ${line}`, refusal, { body });

export const networks: readonly Escape[] = [
  mode("another's network", "{network}"),
  mode("another's network by its id", "{networkId}"),
  mode("another's network by the beginning of its id", "{networkPrefix}"),
  joins("an endpoint in another's network beside bridge", {
    NetworkingConfig: { EndpointsConfig: { "{network}": {} } },
  }),
  joins("an endpoint in another's network, names in other cases", {
    hostconfig: { networkmode: "{network}" },
    NETWORKINGCONFIG: { endpointsconfig: { "{network}": { aliases: ["x"] } } },
  }),
  endpoint("a hardware address in bridge", "bridge", { MacAddress: "02:42:ac:11:00:09" }, "networkEndpoint"),
  endpoint(
    "sysctls by an option of an endpoint",
    "{myNetwork}",
    { DriverOpts: { "com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.forwarding=1" } },
    "networkEndpoint",
  ),

  withOption("bridge.name", "br-x{n}"),
  withOption("bridge.enable_ip_masquerade", "false"),
  withOption("bridge.host_binding_ipv4", "127.0.0.1"),
  withOption("bridge.gateway_mode_ipv4", "nat-unprotected"),
  withOption("bridge.inhibit_ipv4", "true"),
  withOption("container_iface_prefix", "lan"),
  makes(
    "addresses of other hosts",
    { Name: "subnet{n}", IPAM: { Config: [{ Subnet: "203.0.113.0/24", Gateway: "203.0.113.1" }] } },
    "networkAddress",
  ),
  makes(
    "addresses, names in other cases",
    '{"name":"cases{n}","ipam":{"config":[{"subnet":"203.0.113.0/24"}]}}',
    "networkAddress",
  ),
  makes(
    "addresses, twice",
    '{"Name":"twice{n}","IPAM":{},"ipam":{"Config":[{"Subnet":"203.0.113.0/24"}]}}',
    "twice",
  ),
  makes(
    "options for addresses",
    { Name: "ipam{n}", IPAM: { Driver: "default", Options: { a: "b" } } },
    "networkAddress",
  ),
  makes("a configuration only", { Name: "config{n}", ConfigOnly: true }, "networkDriver"),
  makes("attachable", { Name: "attach{n}", Attachable: true }, "networkDriver"),
  makes("another's label", { Name: "label{n}", Labels: { [OWNER]: "{owner}" } }, "ownerLabel"),
  makes(
    "another's label, labels twice",
    `{"Name":"labels{n}","Labels":{},"labels":{"${OWNER}":"{owner}"}}`,
    "twice",
  ),
  makes("a name like an id", { Name: "{otherId}" }, "name"),

  call("another's network: inspect", "GET /networks/{network}", GONE, {}, "{victim}"),
  call("another's network: inspect by id", "GET /networks/{networkId}?verbose=1", GONE, {}, "{victim}"),
  call(
    "another's network: inspect by the beginning of its id",
    "GET /networks/{networkPrefix}",
    GONE,
    {},
    "{victim}",
  ),
  call("the host's network: inspect", "GET /networks/host", GONE, {}, '"Name":"host"'),
  call("the engine's network: inspect", "GET /networks/bridge", GONE, {}, '"Name":"bridge"'),
  call("another's network: remove", "DELETE /networks/{spareNetwork}", GONE, { spoils: "spare" }),
  hidden("networks", "/networks", "{network}"),
  hidden("the host's network", "/networks", '"host"'),
  hidden("an admin's network", "/networks", OTHERS_NETWORK),
  hidden(
    "networks by another's label",
    `/networks?filters=${filters({ label: [`${OWNER}={owner}`] })}`,
    "{network}",
  ),
  hidden("networks by id", `/networks?filters=${filters({ id: ["{networkId}"] })}`, "{network}"),
  sparing("/networks/prune", "/networks/{spareNetwork}"),
  sparing(`/networks/prune?filters=${filters({ label: [`${OWNER}={owner}`] })}`, "/networks/{spareNetwork}"),
  sparing(`/networks/prune?filters=${filters({ "label!": ["none"] })}`, "/networks/{spareNetwork}"),

  connect(
    "one's own container to another's network",
    "/networks/{network}/connect",
    { Container: "{mine}" },
    GONE,
  ),
  connect(
    "one's own container to another's network by id",
    "/networks/{networkId}/connect",
    { Container: "{raced}" },
    GONE,
  ),
  connect(
    "another's container to one's own network",
    "/networks/{myNetwork}/connect",
    { Container: "{victim}" },
    NO_CONTAINER,
  ),
  connect(
    "another's container to one's own network, names in other cases",
    "/networks/{myNetwork}/connect",
    '{"CONTAINER":"{idle}"}',
    NO_CONTAINER,
  ),
  connect(
    "another's container from another's network",
    "/networks/{network}/disconnect",
    { Container: "{victim}" },
    GONE,
  ),
  connect(
    "another's container, which an admin has connected, from one's own network",
    "/networks/{myNetwork}/disconnect",
    { Container: "{guest}", Force: true },
    NO_CONTAINER,
  ),
];
