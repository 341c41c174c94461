/** Answers about networks. */
import { ipam } from "./common.ts";
import { fields, list, map, shown } from "./mark.ts";
import { labels, networkOptions, options } from "./texts.ts";

const task = fields({ ...shown("Name EndpointID EndpointIP"), Info: options });

/** In a list, in an inspect, and in what a task is attached to. */
export const network = fields({
  ...shown("Name Id Created Scope Driver EnableIPv4 EnableIPv6 Internal Attachable Ingress ConfigOnly"),
  IPAM: ipam,
  ConfigFrom: fields(shown("Network")),
  Options: networkOptions,
  Labels: labels,
  Peers: list(fields(shown("Name IP"))),
  Containers: map(fields(shown("Name EndpointID MacAddress IPv4Address IPv6Address"))),
  Services: map(fields({ ...shown("VIP Ports LocalLBIndex"), Tasks: list(task) })),
  Status: fields({
    IPAM: fields({ Subnets: map(fields(shown("IPsInUse DynamicIPsAvailable"))) }),
  }),
});
