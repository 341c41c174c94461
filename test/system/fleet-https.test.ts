/** A fleet's store behind a web server that does whatever it likes: what a host reads of it, and what it costs. */

import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, createServer as createPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MOST_PUBLICATION, type StoreState } from "../../src/fleet/index.ts";
import { formatFolderSettings } from "../../src/system/fleet-store/https/folder-settings.ts";
import { openHttpsStore } from "../../src/system/fleet-store/https/host-store.ts";
import { openFolderStore } from "../../src/system/fleet-store/https/operator-store.ts";
import { makeServerCertificate } from "../cli/fake-engine.ts";
import { makeCertificates } from "../cli/sample-line.ts";
import { NO_QUESTION } from "../support/fleet/no-question.ts";
import { sampleReceipt } from "../support/fleet/sample-fleet.ts";
import { mustRun } from "../support/run.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const certificates = makeCertificates(100);
let server: Server;
let url: string;
let answer: Answer;
/** `METHOD PATH IF-NONE-MATCH` */
let asked: string[];

const listening = async (one: Server | ReturnType<typeof createPlain>) => {
  one.listen(0, "127.0.0.1");
  await once(one, "listening");
  return (one.address() as AddressInfo).port;
};

beforeAll(async () => {
  server = createServer(makeServerCertificate(certificates), (request, response) => {
    asked.push([request.method, request.url, request.headers["if-none-match"]].join(" ").trim());
    response.on("error", () => {});
    answer(request, response);
  });
  url = `https://127.0.0.1:${await listening(server)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function read({ at = url, ca = certificates.ca, credentials = null as string | null } = {}) {
  asked = [];
  const texts: string[] = [];
  const states: StoreState[] = [];
  const over = new AbortController();
  const address = { urls: [`${at}/acme`], ca };
  const access = { address, fleet: "acme", host: "web", credentials };
  const times = { pollMs: 20, timeMs: 500 };
  const store = openHttpsStore(
    { ...access, onState: (state) => states.push(state), onQuestion: NO_QUESTION },
    times,
  );
  const reading = (async () => {
    for await (const text of store.publications(over.signal)) texts.push(text);
  })();
  return {
    ...{ store, texts, states },
    lost: () => states.flatMap((state) => (state.is === "lost" ? [state.why] : [])),
    async [Symbol.asyncDispose]() {
      over.abort();
      await reading;
      await store.close();
    },
  };
}

const say =
  (text: string, etag?: string): Answer =>
  (request, response) => {
    const isSame = etag !== undefined && request.headers["if-none-match"] === etag;
    response.writeHead(isSame ? 304 : 200, etag === undefined ? {} : { etag }).end(isSame ? undefined : text);
  };

test("each list comes once: by its ETag, and by its text where the server has none", async () => {
  answer = say("first", '"1"');
  await using host = read();
  await expect.poll(() => asked.at(-1)).toBe('GET /acme/fleet.json "1"');
  answer = say("second");
  await expect.poll(() => asked.filter((one) => one === "GET /acme/fleet.json").length).toBeGreaterThan(3);
  answer = say("third", '"3"');
  await expect.poll(() => host.texts).toEqual(["first", "second", "third"]);
  expect(host.states).toEqual([{ is: "connected" }]);
});

/** One GiB, as fast as it is read. */
function endless(sent: { bytes: number }): Readable {
  const piece = Buffer.alloc(64 * 1024, "x");
  return new Readable({
    read() {
      sent.bytes += piece.length;
      this.push(sent.bytes > 1024 ** 3 ? null : piece);
    },
  });
}

test("of one GiB it reads no more than a list has", async () => {
  const sent = { bytes: 0 };
  answer = (_, response) =>
    void endless(sent)
      .on("error", () => {})
      .pipe(response);
  await using host = read();
  await expect.poll(() => host.lost()).toEqual([`its answer is longer than ${MOST_PUBLICATION} bytes`]);
  // And what the two sockets hold.
  const tries = asked.length;
  expect(sent.bytes).toBeLessThan(tries * (MOST_PUBLICATION + 16 * 1024 * 1024));
  answer = say("whole");
  await expect.poll(() => host.texts).toEqual(["whole"]);
});

test.each<[string, Answer, RegExp]>([
  [
    "says that it sends one GiB",
    (_, response) => void response.writeHead(200, { "content-length": `${1024 ** 3}` }).write("x"),
    /longer than/,
  ],
  ["never answers", () => {}, /does not answer within 0.5 s/],
  [
    "sends a byte now and then",
    (_, response) => {
      const timer = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(timer));
    },
    /does not answer within 0.5 s/,
  ],
  [
    "ends in the middle",
    (_, response) =>
      void response.writeHead(200, { "content-length": "9" }).write("x", () => response.destroy()),
    /aborted|socket hang up/,
  ],
  [
    "points elsewhere",
    (_, response) => void response.writeHead(302, { location: "https://127.0.0.1:1/" }).end(),
    /status 302/,
  ],
  ["has nothing", (_, response) => void response.writeHead(404).end(), /status 404/],
  ["is broken", (_, response) => void response.writeHead(503).end("no"), /status 503/],
  [
    "compresses",
    (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
    /compressed/,
  ],
  [
    "sends large headers",
    (_, response) => void response.writeHead(200, { "x-much": "x".repeat(32 * 1024) }).end("x"),
    /Header overflow/,
  ],
])("a store that %s is lost, and back as soon as it answers", async (_what, bad, why) => {
  answer = bad;
  await using host = read();
  await expect.poll(() => host.lost().join()).toMatch(why);
  answer = say("whole");
  await expect.poll(() => host.texts).toEqual(["whole"]);
  expect(host.states.at(-1)).toEqual({ is: "connected" });
});

test("a server of another CA, and one without TLS, get nothing", async () => {
  answer = say("whole");
  await using other = read({ ca: makeCertificates(100).ca });
  await expect.poll(() => other.lost().join()).toMatch(/certificate|signature/);
  const seen: string[] = [];
  const plain = createPlain((socket) => {
    socket.on("error", () => {}).on("data", (data: Buffer) => seen.push(data.toString("latin1")));
  });
  const at = `https://127.0.0.1:${await listening(plain)}`;
  const host = read({ at });
  await expect.poll(() => host.lost().join()).toMatch(/does not answer/);
  await host[Symbol.asyncDispose]();
  plain.close();
  expect(seen.join()).not.toContain("fleet.json");
  expect([other.texts, host.texts, asked]).toEqual([[], [], []]);
});

const RECEIPT = sampleReceipt("web", 3);

test("a receipt is put at the host's own URL; a server that refuses it is a failure", async () => {
  answer = (_, response) => void response.writeHead(201).end();
  await using host = read({ credentials: `${url}/receipts/web.secret.json` });
  await host.store.acknowledge(RECEIPT);
  expect(asked).toContain("PUT /receipts/web.secret.json");
  answer = (_, response) => void response.writeHead(403).end();
  await expect(host.store.acknowledge(RECEIPT)).rejects.toThrow("status 403");
  answer = () => {};
  await expect(host.store.acknowledge(RECEIPT)).rejects.toThrow();
});

test("a folder without room keeps the whole list that it has, and the operator is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-full-"));
  await mustRun(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0755", "tmpfs", folder]);
  try {
    const settings = formatFolderSettings({ folder, receipts: null });
    const address = { urls: ["https://web.example/acme"], ca: null };
    const operator = openFolderStore({ address, settings });
    await operator.publish("whole", 1);
    await expect(operator.publish("x".repeat(128 * 1024), 2)).rejects.toMatchObject({
      code: "FILE_FAILED",
      why: [expect.stringContaining("no space left")],
    });
    expect(readFileSync(join(folder, "fleet.json"), "utf8")).toBe("whole");
    expect(readdirSync(folder)).toEqual(["fleet.json"]);
    await operator.publish("newer", 3);
    expect(readFileSync(join(folder, "fleet.json"), "utf8")).toBe("newer");
    await operator.close();
  } finally {
    await mustRun(["umount", folder]);
    rmdirSync(folder);
  }
});
