/**
 * What the engine receives is what was judged: random requests go through the gateway to an upstream that records them.
 * 3,000, others every day; 100,000 with `scripts/test --all`. TETHERDOCK_SEED=DATE makes that day's again.
 */
import { expect, test } from "vitest";
import { findOperation } from "../../src/engine/index.ts";
import { bodies } from "../../src/policy/body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup, type Judge } from "../../src/policy/index.ts";
import { emptyEngine } from "../support/policy/engine.ts";
import { Random } from "../support/random.ts";
import { Bodies, placeOf } from "../support/random-bodies.ts";
import { everything, seed } from "../support/sample.ts";
import { answer, type FakeDocker } from "./support/fake-docker.ts";
import { judgingTests } from "./support/judging.ts";

const COUNT = everything ? 100_000 : 3_000;
const CONNECTIONS = 4;
const OWNER = "1".repeat(64);
const random = new Random(`${seed} what the engine receives`);
const made = new Bodies(random);
const place = placeOf(bodies.ContainerCreate);

const { make } = judgingTests();

/** The upstream only records: it has nothing, and creates what it is asked to. */
const NOTHING: EngineLookup = { ...emptyEngine, createVolume: async (_name, labels) => labels };

const TARGETS = [
  "/v1.41/containers/create",
  "/containers/create?name=web",
  "/v1.24/containers/create?platform=linux%2Famd64&name=%77eb",
  "/v1.41/containers/create?na%6de=a+b",
  "/v1.41/containers/create?name=web&name=db",
  "/v1.41/containers/create?name=a;name=b",
  "/containers/create?&&platform=",
];
const TYPES = [
  ...["application/json", "application/json; charset=utf-8", "Application/JSON", "text/plain"],
  "application/json\r\nContent-Type: application/json",
];

function pieces(body: Buffer): Buffer[] {
  const cuts = [0, random.below(body.length + 1), random.below(body.length + 1), body.length].sort(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((end, index) => body.subarray(cuts[index], end));
}

/** One chunk for each piece that is not empty. */
function chunked(body: Buffer): Buffer {
  const chunks = pieces(body)
    .filter(({ length }) => length > 0)
    .map(
      (piece) =>
        `${piece.length.toString(16)}${random.chance(1) ? ";a=b" : ""}\r\n${piece.toString("latin1")}\r\n`,
    );
  return Buffer.from(`${chunks.join("")}0\r\n${random.chance(10) ? "X-T: 1\r\n" : ""}\r\n`, "latin1");
}

function request(): Buffer {
  const body = made.body(place);
  const isChunked = random.chance(30);
  const framing = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${body.length}`;
  const type = random.pick(random.chance(80) ? TYPES.slice(0, 2) : TYPES);
  const fields = `Host: docker\r\nContent-Type: ${type}\r\n${framing}\r\nX-Kept: a  b`;
  const target = random.pick(random.chance(70) ? TARGETS.slice(0, 3) : TARGETS);
  const head = `POST ${target} HTTP/1.1\r\n${fields}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), isChunked ? chunked(body) : body]);
}

/** A request as the upstream has received it, by its Content-Length. */
interface Received {
  readonly target: string;
  readonly body: string;
}

const HEAD = /^POST (\S+) HTTP\/1\.1\r\n(.*)\r\n\r\n$/s;

function received(head: string): { readonly target: string; readonly length: number } {
  const [, target = "", fields = ""] = HEAD.exec(head) ?? [];
  const framing = fields
    .split("\r\n")
    .filter((field) => /^(?:content-length|transfer-encoding|trailer)/i.test(field));
  expect(framing).toHaveLength(1);
  expect(fields).toContain("X-Kept: a  b");
  return { target, length: Number(/^Content-Length: (\d+)$/.exec(framing[0] ?? "")?.[1]) };
}

function record(docker: FakeDocker): Received[] {
  const all: Received[] = [];
  docker.behave((wire) => {
    let held = "";
    wire.socket.removeAllListeners("data").on("data", (bytes: Buffer) => {
      held += bytes.toString("latin1");
      for (let end = held.indexOf("\r\n\r\n"); end >= 0; end = held.indexOf("\r\n\r\n")) {
        const { target, length } = received(held.slice(0, end + 4));
        if (held.length < end + 4 + length) return;
        all.push({ target, body: held.slice(end + 4, end + 4 + length) });
        held = held.slice(end + 4 + length);
        wire.send(answer(201, "made\n"));
      }
    });
    wire.socket.on("end", () => wire.end());
  });
  return all;
}

const sorted = (all: readonly Received[]) => all.map(({ target, body }) => `${target} ${body}`).sort();

test(`of ${COUNT} requests of a deployer, the engine gets what was judged, or nothing`, {
  timeout: everything ? 1_200_000 : 60_000,
}, async () => {
  const create = findOperation("POST", "/containers/create");
  const decision = create && compileRole(defaultRole("deployer")).decisions.get(create.operation);
  if (decision?.allow !== null) expect.fail("ContainerCreate is not judged");
  const judged: Received[] = [];
  const judge: Judge["judge"] = async (body, call, asking) => {
    const verdict = await decision.judge(body, call, { ...asking, owner: OWNER, engine: NOTHING });
    if (verdict.allow) judged.push({ target: verdict.target ?? "", body: verdict.body.toString("latin1") });
    return verdict;
  };
  const here = await make(judge, { refusedRequestsPerMinute: 10_000_000 }, 64 * 1024);
  const got = record(here.docker);
  let refused = 0;
  const serve = async () => {
    let client = await here.connect();
    for (let count = COUNT / CONNECTIONS; count > 0; count--) {
      for (const piece of pieces(request())) if (piece.length > 0) await client.sent(piece);
      const reply = await client.sees(/\n$/);
      if (!reply.startsWith("HTTP/1.1 201 ")) refused++;
      // what is not HTTP as the gateway reads it ends the connection
      if (reply.includes("Connection: close")) client = await here.connect();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, serve));
  console.log(
    `received: TETHERDOCK_SEED=${seed}, ${COUNT} requests, ${judged.length} permitted, ${refused} refused`,
  );
  expect(judged.length + refused).toBe(COUNT);
  expect(judged.length).toBeGreaterThan(COUNT / 10);
  expect(sorted(got)).toEqual(sorted(judged));
});
