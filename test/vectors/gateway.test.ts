/** The same vectors through a whole gateway: what arrives behind it, byte by byte, and what the client is told. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROBLEMS } from "../../src/http/index.ts";
import { Stage } from "../gateway/support/stage.ts";
import { converse } from "./reference-parser.ts";
import { Reader, readSequence } from "./sequence.ts";
import { VECTORS } from "./vector.ts";

const STATUS = new Map(Object.values(PROBLEMS).map(({ code, status }) => [code as string, status]));

/** One connection as dockerd would have it. */
interface Arrival {
  received: Buffer;
  readonly reader: Reader;
}

let folder: string;
let front: string;
let stage: Stage;
let docker: Server;
let arrivals: Arrival[] = [];

/** Answers each request when it is whole, with no more than what its method allows. */
function serve(socket: Socket): void {
  const arrival: Arrival = { received: Buffer.alloc(0), reader: new Reader() };
  arrivals.push(arrival);
  let answered = 0;
  socket.on("data", (bytes: Buffer) => {
    arrival.received = Buffer.concat([arrival.received, bytes]);
    arrival.reader.take(bytes);
    for (const request of arrival.reader.requests.slice(answered))
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n${request.startsWith("HEAD ") ? "" : "seen"}`,
      );
    answered = arrival.reader.requests.length;
  });
  socket.on("error", () => {}); // the gateway cuts it in the midst of what it refuses
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vectors-"));
  front = join(folder, "front");
  docker = createServer(serve).listen({ path: join(folder, "docker") });
  await once(docker, "listening");
  stage = await Stage.make({
    config: {
      listen: [{ address: `unix://${front}`, client: "anna" }],
      upstream: `unix://${join(folder, "docker")}`,
    },
  });
});
afterAll(async () => {
  await stage.end();
  docker.close();
  await once(docker, "close");
  await rm(folder, { recursive: true });
});

test.for(VECTORS)("$title", async ({ bytes, requests, end }) => {
  arrivals = [];
  const { passed } = readSequence(bytes);
  const code = /^refused (\S+)/.exec(end)?.[1];
  const refusal = code === undefined ? [] : [{ request: "a refused one", status: STATUS.get(code) }];
  const answers = [...requests.map((request) => ({ request, status: 200 })), ...refusal];

  const told = await converse(createConnection({ path: front }), {
    bytes,
    requests: answers.map(({ request }) => request),
    pauses: [{ bytes: bytes.length, requests: answers.length }],
    ends: end !== "closed",
  });

  // dockerd's end of a body that breaks off is no answer
  const broken = end === "waiting in body" ? [502] : [];
  expect(told).toEqual([...answers.map(({ status }) => status), ...broken]);
  expect(arrivals.length).toBeLessThanOrEqual(1);
  const { received, reader } = arrivals[0] ?? { received: Buffer.alloc(0), reader: new Reader() };
  expect(reader.requests).toEqual(requests);
  // of a message that turns out to be refused, what came before may be there, but never its end
  if (!end.endsWith("in body")) expect(received).toEqual(bytes.subarray(0, passed));
  else expect(received).toEqual(bytes.subarray(0, received.length));
});
