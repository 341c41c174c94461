/** Reads a gateway's client list: from the host's files if the host was inspected, otherwise from the gateway. */
import { json, TetherdockError } from "../../base/index.ts";
import { admits, type Inside, type Subject } from "../../doctor/index.ts";
import { GATEWAY_CLIENTS_LINK, GATEWAY_CONFIG, LIST_PATHS, listOnHost } from "../../facts/index.ts";
import { type Client, keptFrom } from "../../identity/index.ts";
import { administers } from "../../policy/index.ts";
import type { GatewayClient, GatewayClients } from "../../topology/index.ts";
import { asOf, listClients } from "../clients/index.ts";
import type { TopologyPorts } from "./ports.ts";

function unknown(why: string): GatewayClients {
  return { known: false, why };
}

function toShow({ name, role, state, expires }: ReturnType<typeof asOf>): GatewayClient {
  return { name, role, state, expires, equalsRoot: administers(role) };
}

const readConfig = json.openObject<{ readonly clients: string }>({ clients: { read: json.words() } });

/** The only list that the inspection reads, by its path and as the gateway's service sees it. */
const USUAL = [LIST_PATHS.clients, GATEWAY_CLIENTS_LINK];

function clientsOnHost({ facts }: Inside): readonly Client[] | GatewayClients {
  const config = json.read(facts.ours.files.get(GATEWAY_CONFIG)?.text ?? "", readConfig);
  if ("problems" in config) return unknown(`${GATEWAY_CONFIG} does not say where it is`);
  if (!USUAL.includes(config.value.clients)) return unknown(`${GATEWAY_CONFIG} names another file`);
  const { clients, revocations } = listOnHost(facts);
  if (clients === undefined) return unknown(`there is no ${LIST_PATHS.clients}`);
  return keptFrom({ clients, revocations }, LIST_PATHS).clients;
}

function fromHost(inside: Inside, now: number): GatewayClients {
  const list = clientsOnHost(inside);
  if ("known" in list) return list;
  return { known: true, from: "host", list: list.map((client) => toShow(asOf(client, now))) };
}

async function fromGateway({ visit, gateway }: TopologyPorts, line: string): Promise<GatewayClients> {
  visit.report({ kind: "asking-gateway", line });
  const list = await listClients({ ...gateway, clock: visit.clock }, line);
  const joined = list.flatMap((one) => ("until" in one ? [] : [toShow(one)]));
  return { known: true, from: "gateway", list: joined };
}

async function read(
  ports: TopologyPorts,
  { inside, line, now, endpoints }: Subject,
): Promise<GatewayClients> {
  if (inside) return fromHost(inside, now);
  if (line?.mode !== "gateway") return unknown("no line to its gateway is set up on this machine");
  // A gateway that refuses the certificate does not answer: do not try and wait a second time.
  const { port } = line.endpoint;
  const isIn = endpoints.some((report) => report.endpoint.port === port && admits(report, "line"));
  return isIn ? fromGateway(ports, line.name) : unknown("your certificate does not get in");
}

/**
 * Reads the client list of the gateway in front of an engine. The result means nothing if there is no gateway.
 * @returns the list, or why it cannot be read @throws INTERRUPTED
 */
export async function gatewayClients(ports: TopologyPorts, subject: Subject): Promise<GatewayClients> {
  try {
    return await read(ports, subject);
  } catch (error) {
    if (!(error instanceof TetherdockError) || error.code === "INTERRUPTED") throw error;
    return unknown([error.message, ...error.why.slice(0, 1)].join(": "));
  }
}
