/**
 * dockerd 20.10, 26.1 and 28.5 read what we accept as the same requests. They tell by the debug log, which names every
 * call of the API as it was asked for, and by the number of answers.
 */
import { createConnection } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { converse, scriptOf, upstreamRequests } from "../vectors/reference-parser.ts";
import { readSequence } from "../vectors/sequence.ts";
import { VECTORS } from "../vectors/vector.ts";

const PORT = 2375;
const SENT = VECTORS.map((vector) => ({ ...vector, ours: readSequence(vector.bytes) })).filter(
  ({ ours }) => ours.passed > 0,
);
/** What its router knows under this method and path. The rest it answers, with 301, 404 or 405, and says nothing. */
const CALLS = [
  /^(?:GET|HEAD) \/_ping(?:\?|$)/,
  /^GET \/containers(?:\/|%2f)(?:(?:b|%62)(?:\/|%2f))?json(?:\?|$)/i,
  /^POST \/containers\/(?:a\/kill|create\?name=a)$/,
  /^PUT \/containers\/c\/archive\?/,
  /^DELETE \/containers\/(?:victim|b\/json|c)$/,
  /^OPTIONS \//,
];

const lineOf = (request: string) => request.split(" ", 2).join(" ");
const isCall = (line: string) => CALLS.some((call) => call.test(line));
const mark = (index: number) => `GET /_ping?mark-${index}`;

async function ask(host: Host, bytes: Buffer): Promise<number[]> {
  const socket = createConnection({ host: host.ip, port: PORT });
  return await converse(socket, scriptOf(readSequence(bytes), bytes));
}

/** `msg="Calling GET /x"` up to Engine 26, then `msg="handling GET request" … method=GET module=api request-url=/x …`. */
const CALL = /msg="(?:Calling (\S+ \S+)"|handling \S+ request".* method=(\S+) module=api request-url=(\S+))/g;

async function logged(host: Host): Promise<string[]> {
  const log = await host.root("journalctl --unit docker.service --output cat --no-pager");
  return [...log.matchAll(CALL)].map(([, call, method, url = ""]) =>
    (call ?? `${method} ${url.replace(/^"(.*)"$/, "$1")}`).replaceAll('\\"', '"'),
  );
}

interface Heard {
  /** Calls by vector, in its order. */
  readonly calls: readonly (readonly string[])[];
  readonly statuses: readonly number[][];
}

async function sendAll(release: Release): Promise<Heard> {
  await using host = await bootHost({ name: "vectors", release });
  await host.root(`echo '{"debug":true}' >/etc/docker/daemon.json`);
  await host.state("pitfall-1"); // which restarts it
  const statuses: number[][] = [];
  for (const [index, { bytes }] of SENT.entries()) {
    await ask(host, Buffer.from(`${mark(index)} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`));
    statuses.push(await ask(host, bytes));
  }
  const log = await logged(host);
  const calls = SENT.map((_, index) => {
    const from = log.indexOf(mark(index)) + 1;
    const to = log.indexOf(mark(index + 1));
    return log.slice(from, to < 0 ? undefined : to);
  });
  return { calls, statuses };
}

describe.for(["bookworm", "trixie", "forky"] as const)("%s", (release) => {
  let heard: Heard | null = null;
  beforeAll(async () => {
    const missing = await missingRelease(release);
    if (missing === null) heard = await sendAll(release);
    else console.warn(`NOT TESTED on ${release}: ${missing}`);
  });

  test.for(SENT.map((vector, index) => ({ ...vector, index })))(
    "$title",
    ({ bytes, ours, index }, { skip }) => {
      if (heard === null) return skip(`no ${release}`);
      const statuses = heard.statuses[index];
      const whole = upstreamRequests(ours, bytes).map(lineOf);
      // some calls are answered before their body has come
      const early = ours.begun !== null && statuses?.length === whole.length + 1 ? [ours.begun] : [];
      expect(statuses?.length).toBe(whole.length + early.length);
      expect(heard.calls[index]).toEqual([...whole, ...early].filter(isCall));
    },
  );
});

test("most of the requests are in the log", () => {
  const all = SENT.flatMap(({ bytes, ours }) => upstreamRequests(ours, bytes)).map(lineOf);
  expect(all.filter(isCall).length).toBeGreaterThan(all.length * 0.9);
});
