/** By operations that are closed: images as archives, plugins, the swarm and what is in it. */

import { image, tar } from "../support/tar.ts";
import { type Attempt, type Escape, HOST_FILE, type Step } from "./escape.ts";

const CLOSED = "the role deployer may not call";

function closed(
  name: string,
  line: string,
  more: Partial<Attempt> = {},
  answers = "",
  before: readonly Step[] = [],
): Escape {
  const [method = "", target = ""] = line.split(" ");
  return { name, before, attempt: { method, target, ...more }, proof: { answers }, refusal: CLOSED };
}

const TAR = { "Content-Type": "application/x-tar" };
/** @param description makes it another one: the engine keeps no two with the same content */
const plugin = (description: string) =>
  tar({
    "config.json": JSON.stringify({
      description,
      entrypoint: ["/x"],
      interface: { types: ["docker.volumedriver/1.0"], socket: "x.sock" },
      mounts: [{ type: "bind", source: "/", destination: "/host", options: ["rbind"] }],
    }),
    "rootfs/": "",
    "rootfs/which": description,
  });

const leave: Step = { by: "admin", method: "POST", target: "/swarm/leave?force=1" };
const init: Attempt = {
  method: "POST",
  target: "/swarm/init",
  body: { ListenAddr: "127.0.0.1:2377", AdvertiseAddr: "127.0.0.1" },
};

/** In a swarm, which the admin has begun. */
const swarm = (name: string, line: string, more: Partial<Attempt> = {}, answers = ""): Escape =>
  closed(`the swarm: ${name}`, line, more, answers, [{ ...init, by: "admin" }]);

const task = (name: string, spec: object) => ({
  Name: `${name}{n}{who}`,
  TaskTemplate: { ContainerSpec: { Image: "tiny", ...spec } },
  Mode: { Replicated: { Replicas: 0 } },
});
const DATA = "c2VjcmV0";

export const closedCalls: readonly Escape[] = [
  closed("an image loaded from an archive", "POST /images/load?quiet=1", {
    body: image("loaded{n}", { a: "b" }),
    headers: TAR,
  }),
  closed("an image loaded with another's label", "POST /images/load?quiet=1", {
    body: image("forged{n}", { "io.tetherdock.owner": "me" }),
    headers: TAR,
  }),
  closed("an archive that is declared as JSON", "POST /images/load?quiet=1", {
    body: image("asjson{n}", {}),
    headers: { "Content-Type": "application/json" },
  }),
  closed(
    "a commit that adds a label",
    "POST /commit?container={mine}&repo=labelled{n}&changes=LABEL%20io.tetherdock.owner%3D{owner}",
    {},
    "sha256",
  ),
  closed("a commit with a configuration", "POST /commit?container={mine}&repo=configured{n}", {
    body: { User: "0", Cmd: ["sh"], Volumes: { "/host": {} } },
  }),
  closed(
    "files out of another's container, by a path with dots",
    "GET /containers/{victim}/archive?path=/tmp/../etc/./passwd",
    {},
    "root",
  ),
  closed("an archive into another's container", "PUT /containers/{victim}/archive?path=/", {
    body: tar({ "put-here": "by somebody else" }),
    headers: TAR,
  }),
  closed("an archive into another's container, as JSON", "PUT /containers/{id}/archive?path=/tmp/../", {
    body: tar({ "put-here": "by somebody else" }),
    headers: { "Content-Type": "application/json" },
  }),
  closed("a plugin that binds /", "POST /plugins/create?name=plugin{n}{who}", {
    body: plugin("a"),
    headers: TAR,
  }),
  closed("a plugin that is declared as JSON", "POST /plugins/create?name=jsonplugin{n}{who}", {
    body: plugin("b"),
    headers: { "Content-Type": "application/json" },
  }),
  {
    ...closed("another's memory", "POST /containers/{victim}/update", {
      body: { Memory: 67108864, MemorySwap: 134217728 },
    }),
    refusal: "No such container",
  },
  closed("all images in one archive", "GET /images/get?names=tiny", {}, "manifest.json"),
  closed("removal of a shared image", "DELETE /images/spare{n}", {}, "", [
    { by: "admin", method: "POST", target: "/images/tiny/tag?repo=spare{n}" },
  ]),

  closed("the swarm: a new one", "POST /swarm/init", { body: init.body ?? {} }, "", [leave]),
  swarm("its tokens", "GET /swarm", {}, "JoinTokens"),
  swarm("its nodes", "GET /nodes", {}, "Hostname"),
  swarm("its tasks", "GET /tasks"),
  swarm("a service that binds /", "POST /services/create", {
    body: task("binding", {
      Mounts: [{ Type: "bind", Source: "/", Target: "/host" }],
      Command: ["cat", `/host${HOST_FILE}`],
    }),
  }),
  swarm("a service with capabilities", "POST /services/create", {
    body: task("capable", { CapabilityAdd: ["CAP_SYS_ADMIN"] }),
  }),
  swarm("services", "GET /services"),
  swarm("a secret", "POST /secrets/create", { body: { Name: "secret{n}{who}", Data: DATA } }),
  swarm("secrets", "GET /secrets"),
  swarm("a config", "POST /configs/create", { body: { Name: "config{n}{who}", Data: DATA } }),
  swarm("configs", "GET /configs"),
  swarm("the key that unlocks it", "GET /swarm/unlockkey"),
];
