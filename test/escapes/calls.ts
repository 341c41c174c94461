/** By other calls: on somebody else's container, on one's own in a way that reaches the host, and on what is not judged. */
import { call, filters, hidden, sparing } from "./attempts.ts";
import { type Attempt, type Escape, VICTIM_SECRET } from "./escape.ts";

const OWNER = "io.tetherdock.owner";
const GONE = "No such (?:container|exec instance)";
const CLOSED = "the role \\w+ may not call";

const on = (name: string, line: string, more: Partial<Attempt> = {}, answers = ""): Escape =>
  call(`another's container: ${name}`, line, GONE, more, answers);

/** The same, where the container is another afterwards. */
const spoiling = (name: string, line: string): Escape => ({ ...on(name, line), spoils: true });

/** What is closed altogether, on one's own container too. */
const closed = (name: string, line: string, more: Partial<Attempt> = {}, answers = ""): Escape =>
  call(name, line, CLOSED, more, answers);

const update = (name: string, body: object | string, check: string): Escape =>
  call(`an update of one's own container: ${name}`, "POST /containers/{mine}/update", check, { body });

const exec = (fields: object = {}): Partial<Attempt> => ({
  body: { Cmd: ["id"], AttachStdout: true, ...fields },
});

export const calls: readonly Escape[] = [
  // first: the engine keeps a few hundred events only
  hidden("events", "/events?since=0&until={now}", "{victim}"),
  hidden(
    "events by container",
    `/events?since=0&until={now}&filters=${filters({ container: ["{id}"] })}`,
    "{id}",
  ),
  hidden(
    "events by another's label",
    `/events?since=0&until={now}&filters=${filters({ label: { [`${OWNER}={owner}`]: true } })}`,
    "{id}",
  ),
  hidden(
    "events by one of two types",
    `/events?since=0&until={now}&filters=${filters({ type: ["container", "network"] })}`,
    "{network}",
  ),
  call(
    "events of networks",
    `GET /events?since=0&until={now}&filters=${filters({ type: ["network"] })}`,
    "filters",
    {},
    "{network}",
  ),
  call(
    "events of volumes",
    `GET /events?since=0&until={now}&filters=${filters({ type: { volume: true } })}`,
    "filters",
    {},
    "{volume}",
  ),

  on("inspect", "GET /containers/{victim}/json", {}, VICTIM_SECRET),
  on("inspect by its id", "GET /containers/{id}/json", {}, VICTIM_SECRET),
  on("inspect by the beginning of its id", "GET /containers/{prefix}/json", {}, VICTIM_SECRET),
  on("inspect with a version", "GET /v1.30/containers/{victim}/json?size=1", {}, VICTIM_SECRET),
  on("logs", "GET /containers/{victim}/logs?stdout=1", {}, "started"),
  on("stats", "GET /containers/{victim}/stats?stream=0"),
  on("start", "POST /containers/{victim}/start"),
  spoiling("stop", "POST /containers/{victim}/stop?t=0"),
  on("restart", "POST /containers/{victim}/restart?t=0"),
  spoiling("kill", "POST /containers/{prefix}/kill"),
  spoiling("pause", "POST /containers/{victim}/pause"),
  on("attach", "POST /containers/{victim}/attach?stream=1&stdin=1&stdout=1", {
    headers: { Connection: "Upgrade", Upgrade: "tcp" },
  }),
  spoiling("rename", "POST /containers/{victim}/rename?name=taken{n}"),
  spoiling("remove", "DELETE /containers/{victim}?force=1"),
  spoiling("remove with its volumes", "DELETE /containers/{id}?force=1&v=1"),
  on("resize", "POST /containers/{victim}/resize?h=10&w=10"),
  on("exec", "POST /containers/{victim}/exec", exec()),
  on("exec by the beginning of its id", "POST /containers/{prefix}/exec", exec()),
  on("an exec's start", "POST /exec/{exec}/start", { body: { Detach: true } }),
  on("an exec's inspection", "GET /exec/{exec}/json", {}, "ProcessConfig"),

  call("exec, privileged", "POST /containers/{mine}/exec", "privileged", exec({ Privileged: true })),
  call("exec, privileged in another case", "POST /containers/{mine}/exec", "privileged", {
    body: '{"Cmd":["id"],"PRIVILEGED":true}',
  }),
  call("exec, privileged twice", "POST /containers/{mine}/exec", "twice", {
    body: '{"Cmd":["id"],"Privileged":false,"privileged":true}',
  }),
  call(
    "a list by another's name",
    "GET /containers/json?all=1&filters=%7B%22since%22%3A%5B%22{victim}%22%5D%7D",
    "filters",
  ),

  on("update", "POST /containers/{victim}/update", { body: { RestartPolicy: { Name: "always" } } }),
  closed("another's container: changes", "GET /containers/{victim}/changes"),
  closed("one's own container: changes", "GET /containers/{mine}/changes"),
  on("processes", "GET /containers/{victim}/top?ps_args=aux", {}, "sleep"),
  update("devices", { Devices: [{ PathOnHost: "/dev/null" }] }, "devices"),
  update("device requests", { DeviceRequests: [{ Count: -1, Capabilities: [["gpu"]] }] }, "devices"),
  update("rules for devices", { DeviceCgroupRules: ["a *:* rwm"] }, "devices"),
  update("a cgroup of the host", { CgroupParent: "system.slice" }, "cgroupParent"),
  update("rules for devices, in another case", '{"devicecgrouprules":["a *:* rwm"]}', "devices"),
  call("one's own processes with environments", "GET /containers/{mine}/top?ps_args=eww", "psArguments"),
  call(
    "one's own processes with columns of other names",
    "GET /containers/{mine}/top?ps_args=-o%20pid,args",
    "psArguments",
  ),
  sparing("/containers/prune", "/containers/{idle}/json"),
  sparing(`/containers/prune?filters=${filters({ label: [`${OWNER}={owner}`] })}`, "/containers/{idle}/json"),
  sparing(`/containers/prune?filters=${filters({ "label!": ["none"] })}`, "/containers/{idle}/json"),
  ...["{mine}", "{victim}"].flatMap((name) => [
    closed(`${name}: files out`, `GET /containers/${name}/archive?path=/etc/passwd`, {}, "root"),
    closed(`${name}: a file's facts`, `HEAD /containers/${name}/archive?path=/etc/passwd`),
    closed(`${name}: commit`, `POST /commit?container=${name}&repo=stolen{n}`, {}, "sha256"),
  ]),
  closed("export", "GET /containers/{victim}/export"),
  closed("a tag", "POST /images/tiny/tag?repo=tiny{n}"),
  closed("an image's files", "GET /images/tiny/get"),
  closed("an image's history", "GET /images/tiny/history"),
  call("an import instead of a pull", "POST /images/create?fromSrc=-&repo=made{n}", "too large", {
    body: "\0".repeat(1024),
    headers: { "Content-Type": "application/x-tar" },
  }),
  closed("images' prune", "POST /images/prune?filters=%7B%22label%22%3A%5B%22none%22%5D%7D"),
  hidden("disk usage", "/system/df", "{victim}"),
  // one's own container may have a mount of that name
  hidden(
    "disk usage of volumes",
    "/v1.41/system/df",
    '"Mountpoint":"/var/lib/docker/volumes/{volume}/_data"',
  ),
  closed("plugins", "GET /plugins"),
  closed("attach by a websocket", "GET /containers/{victim}/attach/ws?stream=1&stdin=1", {
    headers: {
      ...{ Connection: "Upgrade", Upgrade: "websocket", Origin: "http://x" },
      ...{ "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13" },
    },
  }),
  closed("the build cache's prune", "POST /build/prune"),
];
