/** What judges ask of the engine about volumes, networks and images, byte by byte, and what they make of the answers. */
import { expect, test } from "vitest";
import type { EngineLookup, Judge } from "../../src/policy/index.ts";
import { answer } from "./support/fake-docker.ts";
import { allow, judgingTests, sized } from "./support/judging.ts";

const ID = "1".repeat(64);
const { make } = judgingTests();

/** @param look what is asked @param reply the engine's answer @returns the question, and what the judge got */
async function looked<T>(look: (engine: EngineLookup) => Promise<T>, reply: string) {
  const { promise, resolve } = Promise.withResolvers<T>();
  const judge: Judge["judge"] = async (body, _call, { engine }) => {
    resolve(await look(engine));
    return allow(body);
  };
  const here = await make(judge);
  (await here.connect()).send(sized("{}"));
  const wire = await here.docker.next();
  const question = await wire.sees(/\r\n\r\n$|\}\}$/);
  wire.send(reply);
  return { question, got: await promise };
}

const asked = (line: string) => `${line} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`;
const of = (value: unknown, status = 200) => answer(status, JSON.stringify(value));

test("a volume is created with the driver local and its labels, and the labels that it has are read", async () => {
  const body = '{"Name":"data","Driver":"local","Labels":{"a":"b"}}';
  const { question, got } = await looked(
    (engine) => engine.createVolume("data", { a: "b" }),
    of({ Name: "data", Labels: { c: "d" } }, 201),
  );
  expect(question).toBe(
    `POST /volumes/create HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  expect(got).toEqual({ c: "d" });
});

test.each([[409], [400]])("a volume that the engine refuses with %i counts as missing", async (status) => {
  const { got } = await looked((engine) => engine.createVolume("data", {}), of({ message: "no" }, status));
  expect(got).toBeNull();
});

test.each([
  ["Engine 20.10", 500, "Multiple IDs found with provided prefix: 3"],
  ["newer engines", 400, "multiple IDs found with provided prefix: 3"],
])(
  "a part of several containers' IDs counts as missing, also if they are others': %s",
  async (_of, status, message) => {
    const { got } = await looked((engine) => engine.inspectContainer("3"), of({ message }, status));
    expect(got).toBeNull();
  },
);

test.each([
  [201, true],
  [404, false],
  [409, false],
])("an image gets a name by its ID; the engine answers %i: %s", async (status, isGiven) => {
  const { question, got } = await looked(
    (engine) => engine.tagImage("sha256:12", "x.example:5000/a/web", "v1"),
    status === 201 ? answer(201, "") : of({ message: "no" }, status),
  );
  expect(question).toBe(
    asked("POST /images/sha256%3A12/tag?repo=x.example%3A5000%2Fa%2Fweb&tag=v1").toString(),
  );
  expect(got).toBe(isGiven);
});

test.each([
  ["HTTP/1.1 204 No Content\r\n\r\n", true],
  [of({ message: "no such container" }, 404), false],
  [of({ message: "container is running" }, 409), false],
])("a container is removed without force: %#", async (said, isRemoved) => {
  const { question, got } = await looked((engine) => engine.removeContainer("12"), said);
  expect(question).toBe(asked("DELETE /containers/12?v=1").toString());
  expect(got).toBe(isRemoved);
});

test.each([
  ["a volume", "/volumes/a%2Fb", (engine: EngineLookup) => engine.inspectVolume("a/b"), { Labels: null }, {}],
  [
    "a network",
    "/networks/back",
    (engine: EngineLookup) => engine.inspectNetwork("back"),
    { Id: ID, Labels: { a: "b" } },
    { id: ID, labels: { a: "b" } },
  ],
  [
    "a swarm's network, whose ID is another",
    "/networks/ingress",
    (engine: EngineLookup) => engine.inspectNetwork("ingress"),
    { Id: "0abcdefghijklmnopqrstuvwx", Labels: {} },
    null,
  ],
] as const)("%s is asked for by its name", async (_what, path, look, reply, expected) => {
  const { question, got } = await looked<unknown>(look, of(reply));
  expect(question).toBe(asked(`GET ${path}`));
  expect(got).toEqual(expected);
});

test.each([
  [[], false],
  [[{ Id: "x" }], true],
])("images with a label are counted: %j", async (images, expected) => {
  const { question, got } = await looked((engine) => engine.hasImageWith("a=b"), of(images));
  expect(question).toBe(asked("GET /images/json?all=1&filters=%7B%22label%22%3A%7B%22a%3Db%22%3Atrue%7D%7D"));
  expect(got).toBe(expected);
});

test("the volumes that a container was created with are those it names, without host paths and anonymous ones", async () => {
  const HostConfig = {
    Binds: ["data:/data", "/srv:/srv", "/only", "cache:/c:ro"],
    Mounts: [
      { Type: "volume", Source: "more", Target: "/m" },
      { Type: "volume", Target: "/anonymous" },
      { Type: "bind", Source: "/etc", Target: "/e" },
      { Type: "volume", Source: "data", Target: "/again" },
    ],
  };
  const { got } = await looked(
    (engine) => engine.inspectContainer("web"),
    of({ Id: ID, Image: `sha256:${ID}`, Config: {}, HostConfig }),
  );
  expect(got).toMatchObject({ id: ID, labels: {}, volumes: ["data", "cache", "more"] });
});
