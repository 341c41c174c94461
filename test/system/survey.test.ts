/** The look from outside against real sockets: servers that behave, old ones, open ones, and peers that do not. */
import { type ChildProcess, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CHECKS, type EndpointReport, runChecks, type Subject } from "../../src/doctor/index.ts";
import {
  type CallerCredentials,
  type Credential,
  type Endpoint,
  formatEndpoint,
} from "../../src/engine/index.ts";
import { SURVEY_LIMITS, type SurveyOptions, survey } from "../../src/system/probing/survey/survey.ts";
import { type Authority, OpensslPki, type Pair } from "./openssl-pki.ts";
import { allHungUp, freePort, likeDocker, plainServer, rawPeer, tlsServer } from "./peers.ts";

let pki: OpensslPki;
let ca: Authority;
let server: Pair;
let dir: string;
let credentials: CallerCredentials;
let running: ChildProcess | undefined;

const as = (identity: Pair): Credential => ({ kind: "insecure", identity });

beforeAll(() => {
  pki = new OpensslPki();
  ca = pki.authority();
  dir = mkdtempSync(join(tmpdir(), "tetherdock-survey-"));
  server = ca.leaf({ san: "IP:127.0.0.1,IP:::1", to: "491231000000Z" });
  writeFileSync(join(dir, "server.pem"), server.certPem + server.keyPem);
  writeFileSync(join(dir, "ca.pem"), ca.certPem);
  credentials = {
    line: { kind: "tls", caPem: ca.certPem, identity: ca.leaf({ usage: "clientAuth" }) },
    untrusted: as(pki.authority().leaf({ usage: "clientAuth" })),
    expired: as(ca.leaf({ usage: "clientAuth", from: "200101000000Z", to: "200201000000Z" })),
    "server-usage": as(ca.leaf({ usage: "serverAuth" })),
  };
});
afterEach(async () => {
  if (running) {
    running.kill();
    await once(running, "exit");
    running = undefined;
  }
  // Also that no connection was left open: it would make this time out.
  await allHungUp();
});
afterAll(() => {
  pki.remove();
  rmSync(dir, { recursive: true });
});

async function lookAll(endpoints: readonly Endpoint[], changes: Partial<SurveyOptions> = {}) {
  const items = endpoints.map((endpoint) => ({
    planned: { endpoint, serverName: endpoint.host, why: "line" as const },
    credentials,
  }));
  const signal = new AbortController().signal;
  return survey(items, { ...SURVEY_LIMITS, signal, onProgress: () => {}, ...changes });
}

async function look(endpoint: Endpoint, changes: Partial<SurveyOptions> = {}): Promise<EndpointReport> {
  const [report] = await lookAll([endpoint], changes);
  if (!report) throw new Error("no report");
  return report;
}

/** kind → what was seen, as short as it tells: `answered`, or the alert. */
function outcomes({ probes }: EndpointReport): Record<string, string> {
  return Object.fromEntries(
    probes.map(({ caller, seen }) => [caller, seen.kind === "tls-alert" ? seen.alert : seen.kind]),
  );
}

function findings(report: EndpointReport, line: Subject["line"] = null): string[] {
  const subject = { name: "it", now: Date.now(), inside: null, insideMissing: "none", line };
  return runChecks(CHECKS, { ...subject, endpoints: [report] }).flatMap((result) =>
    result.outcome === "failed" ? [result.check.id] : [],
  );
}

const withKey = ({ certPem, keyPem }: Pair) => ({ cert: certPem, key: keyPem });
const verifying = () => ({ ...withKey(server), ca: ca.certPem, requestCert: true, rejectUnauthorized: true });

describe("which servers admit whom", () => {
  test.each(["127.0.0.1", "::1"])(
    "a server that verifies, at %s: admits only the line's certificate, and no finding",
    async (host) => {
      const asked: (string | undefined)[] = [];
      const listener = (request: IncomingMessage, response: Parameters<typeof likeDocker>[1]) => {
        asked.push(`${request.method} ${request.url}`);
        if (request.url === "/version") response.end('{"Version":"20.10.24","ApiVersion":"1.41"}');
        else likeDocker(request as Parameters<typeof likeDocker>[0], response);
      };
      const report = await look(await tlsServer(verifying(), listener, host));
      expect(outcomes(report)).toMatchObject({ none: "certificate_required", line: "answered" });
      for (const kind of ["untrusted", "expired", "server-usage"])
        expect(outcomes(report)[kind], kind).not.toBe("answered");
      expect(report.offer).toMatchObject({ versions: ["TLSv1.2", "TLSv1.3"], weakCiphers: [] });
      expect(report.offer?.certificate).toContain(server.certPem.slice(30, 90));
      expect(report.engine).toEqual({ version: "20.10.24", apiVersion: "1.41" });
      expect(findings(report)).toEqual([]);
      // Whoever was not let in asked nothing, and the line asked nothing else.
      expect(asked).toEqual(["GET /_ping", "GET /version"]);
    },
  );

  test("TLS that requests no client certificate", async () => {
    const report = await look(await tlsServer(withKey(server)));
    expect(outcomes(report)).toMatchObject({ none: "answered", untrusted: "answered", expired: "answered" });
    expect(findings(report)).toEqual(["no-client-auth"]);
  });

  test("TLS that requests a certificate and accepts any", async () => {
    const listener: typeof likeDocker = (request, response) => {
      const { socket } = request as IncomingMessage & { socket: import("node:tls").TLSSocket };
      if (socket.getPeerX509Certificate()) likeDocker(request, response);
      else socket.destroy();
    };
    const report = await look(await tlsServer({ ...verifying(), rejectUnauthorized: false }, listener));
    expect(findings(report)).toEqual(["untrusted-admitted"]);
  });

  test.each([
    ["an expired one of the right CA", { timesCount: false, useCounts: true }, "expired-admitted"],
    ["a server's of the right CA", { timesCount: true, useCounts: false }, "server-usage-admitted"],
  ])("a TLS terminator that admits %s", async (_, { timesCount, useCounts }, finding) => {
    const issuer = new X509Certificate(ca.certPem);
    const isGood = ({ raw }: X509Certificate): boolean => {
      const one = new X509Certificate(raw);
      const isOver = Date.parse(one.validTo) < Date.now();
      const isClient = one.keyUsage?.includes("1.3.6.1.5.5.7.3.2") ?? false;
      return one.verify(issuer.publicKey) && !(timesCount && isOver) && !(useCounts && !isClient);
    };
    const listener: typeof likeDocker = (request, response) => {
      const shown = (request.socket as import("node:tls").TLSSocket).getPeerX509Certificate();
      if (shown && isGood(shown)) likeDocker(request, response);
      else request.socket.destroy();
    };
    const report = await look(await tlsServer({ ...verifying(), rejectUnauthorized: false }, listener));
    const own = {
      certificate: ca.leaf({ usage: "clientAuth" }).certPem,
      exposedKeys: [],
      fleets: [],
      waiting: [],
    };
    const line = { name: "it", endpoint: report.endpoint, mode: "native", ca: ca.certPem, ...own } as const;
    // That all certificates here end tomorrow is found, too.
    expect(findings(report, line).filter((id) => id.endsWith("-admitted"))).toEqual([finding]);
  });

  test("plain HTTP: three probes and no more", async () => {
    const report = await look(await plainServer());
    expect(outcomes(report)).toEqual({ plain: "answered", none: "not-tls" });
    expect(report.offer).toBeNull();
    expect(findings(report)).toEqual(["api-without-tls"]);
  });

  test("nothing listens: one probe", async () => {
    const report = await look(await freePort());
    expect(outcomes(report)).toEqual({ plain: "unreachable" });
    expect(findings(report)).toEqual([]);
  });
});

describe("openssl s_server", () => {
  async function sServer(...options: string[]): Promise<Endpoint> {
    const args = ["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-www", ...options];
    running = spawn("openssl", args, { cwd: dir, stdio: ["pipe", "pipe", "ignore"] });
    for await (const line of createInterface({ input: running.stdout as NodeJS.ReadableStream })) {
      const port = /^ACCEPT .*:([0-9]+)$/.exec(line)?.[1];
      if (port) return { host: "127.0.0.1", port: Number(port) };
    }
    throw new Error("openssl s_server did not come up");
  }

  const OLD = ["-cipher", "DEFAULT:@SECLEVEL=0"];

  test.each([
    [["-tls1", ...OLD], ["TLSv1"]],
    [["-tls1_1", ...OLD], ["TLSv1.1"]],
    [["-tls1_2"], ["TLSv1.2"]],
    [["-tls1_3"], ["TLSv1.3"]],
    [
      ["-no_tls1_3", ...OLD],
      ["TLSv1", "TLSv1.1", "TLSv1.2"],
    ],
  ])("%j offers %j", async (options, versions) => {
    const { offer } = await look(await sServer(...options));
    expect(offer).toMatchObject({ versions, weakCiphers: [] });
    if (!options.includes("-tls1_3")) expect(offer?.certificate).toContain("BEGIN CERTIFICATE");
  });

  test("weak ciphers are named", async () => {
    const suites = "NULL-SHA256:ECDHE-ECDSA-NULL-SHA:AECDH-AES128-SHA:ADH-AES256-SHA";
    const { offer } = await look(await sServer("-tls1_2", "-cipher", `${suites}:@SECLEVEL=0`));
    expect(new Set(offer?.weakCiphers)).toEqual(
      new Set(["ECDHE-ECDSA-NULL-SHA", "AECDH-AES128-SHA", "ADH-AES256-SHA"]),
    );
  });

  test("an old server that requests no certificate is probed too", async () => {
    const report = await look(await sServer("-tls1", ...OLD));
    expect(outcomes(report)).toMatchObject({
      none: "answered",
      untrusted: "answered",
      line: "protocol_version",
    });
  });
});

describe("hostile peers: bounded time and memory, and a finding", () => {
  const DRIP_MS = 50;
  const peers: Record<string, [(socket: import("node:net").Socket) => void, string]> = {
    silent: [(socket) => socket.resume(), "silent-endpoint"],
    "a byte now and then": [
      (socket) => {
        const drip = setInterval(() => socket.write("H"), DRIP_MS);
        socket.on("close", () => clearInterval(drip));
      },
      "not-docker",
    ],
    "endless headers": [
      (socket) => {
        const line = `X-Pad: ${"a".repeat(1000)}\r\n`.repeat(8);
        socket.write("HTTP/1.1 200 OK\r\n");
        const more = () => void (!socket.destroyed && socket.write(line, more));
        more();
      },
      "not-docker",
    ],
    "garbage that looks like TLS": [
      (socket) =>
        socket.once("data", () => socket.write(Buffer.from([22, 3, 3, 255, 255, ...Array(4000).fill(7)]))),
      "not-docker",
    ],
    "a gigabyte in the clear": [
      (socket) => {
        const chunk = Buffer.alloc(64 * 1024, "x");
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
        const more = () => void (!socket.destroyed && socket.write(chunk, more));
        more();
      },
      "not-docker",
    ],
    "cuts off at once": [(socket) => socket.destroy(), "silent-endpoint"],
    "a ServerHello and then nothing": [
      (socket) => socket.once("data", () => socket.write(Buffer.from([22, 3, 3, 0, 80, 2, 0, 0, 76, 3, 3]))),
      "not-docker",
    ],
  };

  test.each(Object.entries(peers))("%s", async (_, [behave, finding]) => {
    const endpoint = await rawPeer(behave);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const report = await look(endpoint, { timeoutMs: 500 });
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect(findings(report)).toEqual([finding]);
  });
});

describe("many at once", () => {
  const ANSWER_MS = 20;

  test("never more connections to one host than allowed; progress up to the last", async () => {
    let now = 0;
    let most = 0;
    const peers = await Promise.all(
      Array.from({ length: 12 }, () =>
        rawPeer((socket) => {
          // Counted while the asking side must still wait: its end of a connection cannot be seen from here.
          most = Math.max(most, ++now);
          socket.once("data", () =>
            setTimeout(() => {
              now--;
              socket.end("HTTP/1.1 204 No Content\r\n\r\n");
            }, ANSWER_MS),
          );
        }),
      ),
    );
    const told: string[] = [];
    const reports = await lookAll(peers, {
      perHost: 3,
      onProgress: (done, of) => told.push(`${done}/${of}`),
    });
    expect(reports.map(({ endpoint }) => formatEndpoint(endpoint))).toEqual(peers.map(formatEndpoint));
    expect(most).toBeLessThanOrEqual(3);
    expect(told.at(0)).toBe("1/12");
    expect(told.at(-1)).toBe("12/12");
  });

  test("at the deadline it ends, and says what was not probed", async () => {
    const peers = await Promise.all(Array.from({ length: 6 }, () => rawPeer((socket) => socket.resume())));
    const started = performance.now();
    const reports = await lookAll(peers, { perHost: 2, timeoutMs: 400, deadlineMs: 600 });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(reports.some(({ cutShort }) => cutShort)).toBe(true);
    expect(findings(reports.find(({ cutShort }) => cutShort) as EndpointReport)).toContain("look-cut-short");
  });

  test("Ctrl-C of the user is passed on", async () => {
    const aborter = new AbortController();
    const peer = await rawPeer((socket) => {
      socket.resume();
      aborter.abort(new Error("interrupted"));
    });
    await expect(look(peer, { signal: aborter.signal, timeoutMs: 300 })).rejects.toThrow("interrupted");
  });
});
