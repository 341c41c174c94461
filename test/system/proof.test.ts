/** Whole proofs over real sockets: what `up` will say about hosts that are right, wide open, half open, or lost. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Endpoint, planProof, prove, summarise, type Target } from "../../src/engine/index.ts";
import { engineVersion } from "../../src/system/probing/engine-client.ts";
import { probe } from "../../src/system/probing/prober.ts";
import { resolveEndpoint } from "../../src/system/probing/resolve-endpoint.ts";
import { type Authority, OpensslPki, type Pair } from "./openssl-pki.ts";
import { allHungUp, freePort, plainServer, tlsServer } from "./peers.ts";

let pki: OpensslPki;
let ca: Authority;
let line: Pair;
let proof: { readonly caPem: string; readonly credentials: { line: Pair; untrusted: Pair; expired: Pair } };
let serving: { readonly cert: string; readonly key: string; readonly ca: string };

beforeAll(() => {
  pki = new OpensslPki();
  ca = pki.authority();
  line = ca.leaf({ usage: "clientAuth" });
  const untrusted = pki.authority().leaf({ usage: "clientAuth" });
  const expired = ca.leaf({ usage: "clientAuth", from: "200101000000Z", to: "200201000000Z" });
  proof = { caPem: ca.certPem, credentials: { line, untrusted, expired } };
  const { certPem, keyPem } = ca.leaf({ san: "IP:127.0.0.1,DNS:localhost" });
  serving = { cert: certPem, key: keyPem, ca: ca.certPem };
});
afterAll(() => pki.remove());
afterEach(allHungUp);

async function summaryOf(endpoint: Endpoint, former: Endpoint) {
  const targets: Target[] = [{ endpoint, serverName: endpoint.host }];
  const cases = planProof({ ...proof, targets, formerPlainPorts: [former.port] });
  return summarise(await prove(cases, probe, { concurrency: 4, timeoutMs: 5_000 }))[0];
}

describe("a proof of", () => {
  test("an engine with mutual TLS is proven", async () => {
    const summary = await summaryOf(await tlsServer({ ...serving, requestCert: true }), await freePort());
    expect(summary?.verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(summary).toMatchObject({ state: "proven" });
  });

  test("an engine with TLS but no client authentication (--tls without verify) is exposed", async () => {
    const summary = await summaryOf(await tlsServer(serving), await freePort());
    expect(summary).toMatchObject({ state: "exposed" });
    expect(summary?.reason).toMatch(/^127\.0\.0\.1:[0-9]+ lets in clients without a certificate$/);
  });

  test("pitfall 2, plain HTTP on the TLS port, is exposed", async () => {
    const summary = await summaryOf(await plainServer(), await freePort());
    expect(summary).toMatchObject({ state: "exposed" });
    expect(summary?.reason).toContain("serves the Docker API without TLS");
  });

  test("pitfall 1, a plain port left open beside a protected one, is exposed", async () => {
    const former = await plainServer();
    const summary = await summaryOf(await tlsServer({ ...serving, requestCert: true }), former);
    expect(summary).toMatchObject({ state: "exposed" });
    expect(summary?.reason).toContain(`127.0.0.1:${former.port} serves the Docker API without TLS`);
  });

  test("an address without a listener is unreachable, and nothing else is concluded", async () => {
    const summary = await summaryOf(await freePort(), await freePort());
    expect(summary).toMatchObject({ state: "unreachable", cause: "refused" });
    const own = summary?.verdicts.filter((verdict) => verdict.case.kind !== "closed");
    expect(own?.map(({ ok }) => ok)).toEqual([false, false, false, false, false]);
  });
});

describe("resolveEndpoint()", () => {
  test("gives each address of a name, with the name to verify", async () => {
    const targets = await resolveEndpoint({ host: "localhost", port: 2376 }, 5_000);
    expect(targets).toContainEqual({ endpoint: { host: "127.0.0.1", port: 2376 }, serverName: "localhost" });
  });

  test("leaves addresses and unknown names as they are", async () => {
    for (const host of ["::1", "192.0.2.7", `${"x".repeat(64)}.invalid`]) {
      const endpoint = { host, port: 2376 };
      expect(await resolveEndpoint(endpoint, 5_000)).toEqual([{ endpoint, serverName: host }]);
    }
  });
});

describe("engineVersion()", () => {
  const version = {
    Version: "20.10.24+dfsg1",
    ApiVersion: "1.41",
    MinAPIVersion: "1.12",
    Os: "linux",
    Arch: "amd64",
  };

  test("reads a long, chunked answer", async () => {
    const endpoint = await tlsServer({ ...serving, requestCert: true }, (request, response) => {
      response.writeHead(request.url === "/version" ? 200 : 404);
      response.write('{"Components":[');
      response.write(`"${"x".repeat(8_000)}"],`);
      response.end(JSON.stringify(version).slice(1));
    });
    const result = await engineVersion(endpoint, { kind: "tls", caPem: ca.certPem, identity: line }, 5_000);
    expect(result).toMatchObject({
      ok: true,
      engine: {
        version: "20.10.24+dfsg1",
        apiVersion: "1.41",
        minApiVersion: "1.12",
        os: "linux",
        arch: "amd64",
      },
    });
    expect(result.ok && result.tls?.certificatePem).toMatch(/^-----BEGIN CERTIFICATE/);
  });

  test("reports what it got instead", async () => {
    const unreachable = await engineVersion(await freePort(), { kind: "plain" }, 5_000);
    expect(unreachable).toMatchObject({ ok: false, seen: { kind: "unreachable", cause: "refused" } });
    const other = await plainServer((_, response) => response.end("<html>"));
    expect(await engineVersion(other, { kind: "plain" }, 5_000)).toMatchObject({
      ok: false,
      seen: { kind: "answered", answer: { body: "<html>" } },
    });
  });
});
