/** Requests that always have the same answer: reads, refusals, and writes that change nothing. */
import type { Exchange } from "./raw-exchange.ts";

/** The objects on the host during the requests. */
export interface Inventory {
  /** A running container, and one that has ended. */
  readonly running: string;
  readonly ended: string;
  readonly network: string;
  readonly volume: string;
  readonly image: string;
}

const VERSIONS = ["", "/v1.24", "/v1.25", "/v1.30", "/v1.35", "/v1.38", "/v1.40", "/v1.41"];

const get = (target: string): Exchange => ({ method: "GET", target });

function reads({ running, ended, network, volume, image }: Inventory): Exchange[] {
  const named = encodeURIComponent(JSON.stringify({ name: [network] }));
  const filters = encodeURIComponent(JSON.stringify({ status: ["exited"] }));
  return [
    ...["/_ping", "/version", "/images/json", "/images/json?all=1&digests=1", `/images/${image}/json`].map(
      get,
    ),
    ...[
      `/images/${image}/history`,
      `/networks?filters=${named}`,
      `/networks/${network}`,
      `/networks/${network}?verbose=true`,
    ].map(get),
    ...[
      "/volumes",
      `/volumes/${volume}`,
      "/plugins",
      "/swarm",
      "/nodes",
      "/services",
      "/secrets",
      "/tasks",
    ].map(get),
    ...[`/containers/${running}/json`, `/containers/${running}/json?size=1`, `/containers/${ended}/json`].map(
      get,
    ),
    ...[
      `/containers/${ended}/logs?stdout=1&stderr=1`,
      `/containers/${ended}/logs`,
      `/containers/${ended}/changes`,
    ].map(get),
    ...[
      `/containers/${running}/top`,
      `/containers/json?filters=${filters}`,
      "/containers/json?filters=nonsense",
    ].map(get),
    ...["/containers/nonesuch/json", "/images/nonesuch/json", "/no/such/path", "/exec/nonesuch/json"].map(
      get,
    ),
    ...[`/containers/${ended}/archive?path=/etc/hostname`, `/containers/${ended}/archive?path=/nonesuch`].map(
      get,
    ),
    ...["/events?since=1&until=2", "/configs", "/session"].map(get),
    { method: "HEAD", target: "/_ping" },
    { method: "HEAD", target: `/containers/${ended}/archive?path=/etc/hostname` },
  ];
}

function writes({ running, ended, network, volume, image }: Inventory): Exchange[] {
  const post = (target: string, body?: string): Exchange => ({
    method: "POST",
    target,
    ...(body !== undefined && { body }),
  });
  return [
    post("/containers/create", "{"),
    post("/containers/create", "{}"),
    post("/containers/create?name=/bad/name", `{"Image":"${image}"}`),
    post("/containers/create", '{"Image":"nonesuch"}'),
    post(`/containers/${running}/start`),
    post(`/containers/${ended}/stop`),
    post(`/containers/${ended}/kill`),
    post(`/containers/${ended}/wait`),
    post(`/containers/${running}/unpause`),
    post(`/containers/${running}/resize?h=x&w=y`),
    post(`/containers/${ended}/exec`, '{"Cmd":["true"]}'),
    post(`/images/${image}/tag?repo=tiny&tag=again`),
    post("/volumes/create", `{"Name":"${volume}"}`),
    post("/networks/create", `{"Name":"${network}","CheckDuplicate":true}`),
    post("/exec/nonesuch/start", '{"Detach":true}'),
    post("/auth", "not json"),
    { method: "DELETE", target: `/networks/bridge` },
    { method: "DELETE", target: `/containers/${running}` },
    { method: "DELETE", target: "/images/nonesuch" },
    { method: "PUT", target: `/containers/${ended}/archive?path=/nonesuch`, body: "no tar" },
  ];
}

/** At least 300. */
export function exchanges(inventory: Inventory): Exchange[] {
  const plain = [...reads(inventory), ...writes(inventory)];
  return VERSIONS.flatMap((version) => plain.map((one) => ({ ...one, target: `${version}${one.target}` })));
}
