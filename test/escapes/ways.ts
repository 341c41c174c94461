/** By the way a request is written: its path, its framing, its type, its size, names like routes, and filters. */
import { type Attempt, type Escape, HOST_FILE, type Step, VICTIM_SECRET } from "./escape.ts";

const GONE = "No such (?:container|exec instance)";
const UNKNOWN = "not an operation";

const inspect = (name: string, target: string, refusal: string): Escape => ({
  name: `another's container by ${name}`,
  attempt: { method: "GET", target },
  proof: { answers: VICTIM_SECRET },
  refusal,
});

const ROOT = { Image: "tiny", Cmd: ["cat", `/host${HOST_FILE}`], HostConfig: { Binds: ["/:/host"] } };

/** A bind of the host's root, sent in another way: the engine reads it as one. */
const bind = (name: string, more: Partial<Attempt>, refusal = "hostPathVolumes"): Escape => ({
  name: `a bind of / ${name}`,
  attempt: { method: "POST", target: "/v1.41/containers/create", body: ROOT, ...more },
  proof: { shows: { HostConfig: { Binds: ["/:/host"] } } },
  refusal,
});

const ping = Buffer.from("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
const empty = Buffer.from(
  "POST /v1.41/containers/create HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n",
);
const HUGE = {
  ...ROOT,
  Env: [`LONG=${"x".repeat(120_000)}`, `MORE=${"x".repeat(120_000)}`, `LAST=${"x".repeat(60_000)}`],
};

const byAdmin = (line: string): Step => {
  const [method = "", target = ""] = line.split(" ");
  return { by: "admin", method, target };
};
const bySelf = (line: string): Step => ({ ...byAdmin(line), by: "self" });

/** The victim has a name that is also a part of a route. */
const named = (name: string, line: string, more: Partial<Attempt> = {}, answers = ""): Escape => {
  const [method = "", target = ""] = line.split(" ");
  return {
    name: `another's container that is called ${name}: ${line}`,
    before: [byAdmin(`POST /containers/{id}/rename?name=${name}`)],
    attempt: { method, target, ...more },
    proof: { answers },
    refusal: GONE,
    spoils: true,
  };
};

/** The caller's container loses its name to the victim, after the caller has used it. */
const swapped = (name: string, line: string, more: Partial<Attempt> = {}, answers = ""): Escape => {
  const [method = "", target = ""] = line.split(" ");
  return {
    name: `another's container under the name that one's own had: ${name}`,
    before: [
      bySelf("GET /containers/mine{n}/json"),
      byAdmin("POST /containers/{mine}/rename?name=away{n}"),
      byAdmin("POST /containers/{id}/rename?name=mine{n}"),
    ],
    attempt: { method, target, ...more },
    proof: { answers },
    refusal: GONE,
    spoils: true,
  };
};

const list = (name: string, query: string): Escape => ({
  name: `a list ${name}`,
  attempt: { method: "GET", target: `/containers/json?${query}` },
  proof: { answers: "{victim}" },
  refusal: "",
  filtered: true,
});
const filter = (name: string, filters: string): Escape =>
  list(`filtered by ${name}`, `all=1&filters=${filters.replaceAll('"', "%22")}`);

export const ways: readonly Escape[] = [
  inspect("an escaped letter of its name", "/containers/%76ictim{n}/json", `${GONE}|${UNKNOWN}`),
  inspect("an escaped slash", "/containers/{victim}%2Fjson", `${GONE}|${UNKNOWN}`),
  inspect("an escaped letter of the route", "/%63ontainers/{victim}/json", `${GONE}|${UNKNOWN}`),
  inspect("an escaped last part of the route", "/containers/{victim}/%6a%73%6f%6e", `${GONE}|${UNKNOWN}`),
  inspect("an API version with a leading zero", "/v01.41/containers/{victim}/json", `${GONE}|${UNKNOWN}`),
  inspect("a parameter twice", "/containers/{victim}/json?size=0&size=1", "query"),
  inspect("a parameter that is not known", "/containers/{victim}/json?size=1&all=1", "query"),
  inspect("a query that is only escapes", "/containers/{victim}/json?%73%69%7a%65=1", GONE),
  inspect("the first digits of its ID, escaped", "/containers/%{hex}/json", `${GONE}|${UNKNOWN}`),

  bind("behind another request in one write", { bytes: (request) => [Buffer.concat([ping, request])] }),
  bind("behind a create without a body", { bytes: (request) => [Buffer.concat([empty, request])] }),
  bind("sent byte by byte", { bytes: (request) => Array.from(request, (byte) => Buffer.of(byte)) }),
  bind("with 100-continue", { headers: { Expect: "100-continue" }, bytes: (request) => [request] }),
  bind("as JSON with a charset", { headers: { "Content-Type": "application/json; charset=utf-8" } }),
  bind("with fields in upper case", {
    bytes: (request) => [Buffer.from(request.toString().replace(/^[\w-]+:/gm, (name) => name.toUpperCase()))],
  }),
  bind("in a body that is too large", { body: HUGE }, "too large"),
  bind("in chunks that are too many", { body: HUGE, chunked: true }, "too large"),
  bind("after a byte order mark's escape in a value", {
    body: JSON.stringify({ ...ROOT, Hostname: "" }).replace('"Hostname":""', '"Domainname":"\\ufeff"'),
  }),

  named("json", "GET /containers/json/json", {}, VICTIM_SECRET),
  named("json", "POST /containers/json/exec", { body: { Cmd: ["id"] } }),
  named("create", "POST /containers/create/restart?t=0"),
  named("prune", "POST /containers/prune/kill"),
  named("exec", "GET /containers/exec/logs?stdout=1", {}, "started"),

  swapped("inspect", "GET /containers/mine{n}/json", {}, VICTIM_SECRET),
  swapped("exec", "POST /containers/mine{n}/exec", { body: { Cmd: ["id"] } }),
  swapped("logs", "GET /containers/mine{n}/logs?stdout=1", {}, "started"),
  swapped("kill", "POST /containers/mine{n}/kill"),
  swapped("remove", "DELETE /containers/mine{n}?force=1"),
  {
    name: "another's container under a name that was free when it was asked for",
    before: [bySelf("GET /containers/late{n}/json"), byAdmin("POST /containers/{id}/rename?name=late{n}")],
    attempt: { method: "GET", target: "/containers/late{n}/json" },
    proof: { answers: VICTIM_SECRET },
    refusal: GONE,
    spoils: true,
  },

  list("of everything", "all=1"),
  list("with a limit below zero", "all=1&limit=-1"),
  list("with sizes", "all=1&size=1"),
  filter("the other's label", '{"label":["io.tetherdock.owner={owner}"]}'),
  filter("the other's label in a map", '{"label":{"io.tetherdock.owner={owner}":true}}'),
  filter("the label without a value", '{"label":["io.tetherdock.owner"]}'),
  filter("the other's name", '{"name":["{victim}"]}'),
  filter("the other's ID", '{"id":["{id}"]}'),
  filter("the image", '{"ancestor":["tiny"]}'),
  filter("the state", '{"status":["running","created","exited"]}'),
  filter("the network", '{"network":["bridge"]}'),
];
