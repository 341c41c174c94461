/** What `renew` does to a line, and what is left of it wherever it is interrupted. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import {
  ca,
  DUE,
  FRESH,
  issuing,
  key,
  lineCa,
  memoryGateway,
  OPTIONS,
  renewStage,
  signed,
} from "../../../test/support/app/renew-stage.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import { issueClient, makeKeyPair, readCertificate, sameKey } from "../../pki/index.ts";
import { renewLine } from "./renew-line.ts";

test("a certificate with more than a third of its life is kept; --force renews it", async () => {
  const { ports, current, gateway } = renewStage({ certificate: FRESH });
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: false, generation: null });
  expect(await current()).toBe(FRESH);
  expect(gateway.asked).toEqual([]);
  expect(await renewLine(ports, "web", { ...OPTIONS, force: true })).toMatchObject({
    renewed: true,
    generation: 1,
  });
});

test("a due one is renewed through the gateway, for the same key; contexts get a copy", async () => {
  const { ports, current, contexts, pending, gateway } = renewStage();
  const done = await renewLine(ports, "web", { force: false, lifeMs: 7 * DAY_MS });
  expect(done).toMatchObject({ renewed: true, by: "gateway", generation: 1, contexts: ["web"] });
  const certificate = await current();
  expect(sameKey(certificate, key)).toBe(true);
  expect(contexts.get("web")?.files["cert.pem"]).toBe(certificate);
  expect([pending.size, gateway.asked.map(({ lifeMs }) => lifeMs)]).toEqual([0, [7 * DAY_MS]]);
});

test("with the CA key here, it is signed here, in both modes", async () => {
  for (const mode of ["gateway", "native"]) {
    const given = { caKey: ca.privateKey, fields: { mode, joined: undefined } };
    const { ports, current, gateway } = renewStage(given);
    expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({
      renewed: true,
      by: "ca",
      contexts: ["web"],
    });
    expect(readCertificate(await current())).toMatchObject({
      subject: "CN=bob@desk",
      usages: ["clientAuth"],
    });
    expect(gateway.asked).toEqual([]);
  }
});

test("one that was signed here by a clock that was ahead is replaced; the gateway is not asked for one", async () => {
  const certificate = await signed(NOW + 300 * DAY_MS, NOW + 600 * DAY_MS);
  const { ports, current } = renewStage({ certificate, caKey: ca.privateKey });
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, by: "ca" });
  expect(readCertificate(await current()).notBefore).toBeLessThanOrEqual(NOW);
  const joined = renewStage({ certificate });
  expect(await renewLine(joined.ports, "web", OPTIONS)).toMatchObject({ renewed: false });
});

test("one that ends with the CA that would sign it is kept: a new one would end then too", async () => {
  const { notAfter } = lineCa.facts;
  const given = { caKey: ca.privateKey, certificate: await signed(notAfter - 300 * DAY_MS, notAfter) };
  const { ports, current } = renewStage(given);
  const late = { ...ports, clock: () => notAfter - 20 * DAY_MS };
  expect(await renewLine(late, "web", OPTIONS)).toMatchObject({ renewed: false, due: null });
  expect(await current()).toBe(given.certificate);
  expect(await renewLine(late, "web", { ...OPTIONS, force: true })).toMatchObject({
    renewed: true,
    due: null,
  });
  const over = { ...ports, clock: () => notAfter + DAY_MS };
  expect((await failureOf(renewLine(over, "web", OPTIONS))).code).toBe("CA_EXPIRED");
});

test("a native line that was imported cannot be renewed, and says so", async () => {
  const { ports, current } = renewStage({ fields: { mode: "native" } });
  expect(await failureOf(renewLine(ports, "web", OPTIONS))).toMatchObject({ code: "LINE_JOINED" });
  expect(await current()).toBe(DUE);
});

test("a line of ci-login is not renewed, and the gateway is not asked", async () => {
  const ask = () => Promise.reject(new Error("asked"));
  const { ports, current } = renewStage({ fields: { job: true }, ask });
  expect(await failureOf(renewLine(ports, "web", { ...OPTIONS, force: true }))).toMatchObject({
    ...{ code: "RENEW_REFUSED", message: "the certificate of the line web cannot be renewed" },
  });
  expect(await current()).toBe(DUE);
});

test("wherever it is killed, the line works, and the next renewal is not taken for a copied key", async () => {
  for (let allowed = 0; allowed < 4; allowed++) {
    const { ports, writes, current, gateway, contexts, pending } = renewStage();
    writes.left = allowed;
    await expect(renewLine(ports, "web", OPTIONS), `write ${allowed}`).rejects.toThrow("killed");
    expect(sameKey(await current(), key)).toBe(true);
    writes.left = Number.POSITIVE_INFINITY;
    await renewLine(ports, "web", OPTIONS);
    const certificate = await current();
    expect([readCertificate(certificate).fingerprint, contexts.get("web")?.files["cert.pem"]]).toEqual([
      gateway.record?.current,
      certificate,
    ]);
    expect([gateway.copies, gateway.record?.generation, pending.size]).toEqual([0, 1, 0]);
  }
  const { ports, writes, gateway } = renewStage();
  writes.left = 4;
  await renewLine(ports, "web", OPTIONS);
  expect([writes.left, gateway.record?.generation], "there are four writes").toEqual([0, 1]);
});

test("a lost answer: the same request is sent again", async () => {
  const gateway = memoryGateway();
  const lost = { next: true };
  const { ports, current } = renewStage({
    ask: async (...asked) => {
      const answer = await gateway.ask(...asked);
      if (!lost.next) return answer;
      throw new TetherdockError("GATEWAY_UNREACHABLE", "the answer was lost");
    },
  });
  expect(await failureOf(renewLine(ports, "web", OPTIONS))).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
  expect(await current()).toBe(DUE);
  lost.next = false;
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, generation: 1 });
  expect(gateway.state).toMatchObject({ copies: 0, asked: [{}, {}] });
  expect(gateway.state.asked[1]).toEqual(gateway.state.asked[0]);
});

test("of many processes at once, none is taken for a copy, and the generation rises once", async () => {
  const { ports, gateway, current, pending } = renewStage();
  await Promise.all(Array.from({ length: 8 }, () => renewLine(ports, "web", OPTIONS)));
  expect([gateway.copies, gateway.record?.generation, pending.size]).toEqual([0, 1, 0]);
  expect(readCertificate(await current()).fingerprint).toBe(gateway.record?.current);
});

test("a refusal is reported in the gateway's words, and nothing changes", async () => {
  const { ports, current, pending } = renewStage({
    ask: async () => ({ refused: "no \u001b[31mway", retry: false }),
  });
  const error = await failureOf(renewLine(ports, "web", OPTIONS));
  expect(error).toMatchObject({ code: "RENEW_REFUSED" });
  expect(error.why.join()).not.toContain("\u001b");
  expect([await current(), pending.size]).toEqual([DUE, 0]);
  const busy = renewStage({ ask: async () => ({ refused: "later", retry: true }) });
  expect(await failureOf(renewLine(busy.ports, "web", OPTIONS))).toMatchObject({
    hints: ["tetherdock renew web"],
  });
  expect(busy.pending.size).toBe(1);
  const fleets = renewStage({ ask: async () => ({ refused: "ask", retry: false, isOfFleet: true }) });
  expect(await failureOf(renewLine(fleets.ports, "web", OPTIONS))).toMatchObject({
    hints: ["tetherdock renew web --certificate FILE   # the file that the fleet's operator sends you"],
  });
});

test.each([
  [
    "for another key",
    async () => issueClient(issuing, { publicKey: makeKeyPair().publicKey, commonName: "x", now: NOW }),
  ],
  ["of a CA", async () => ca.certificate],
])("a certificate %s is not kept", async (_what, make) => {
  const { ports, current } = renewStage({
    ask: async () => ({
      ...{ name: "bob", role: "viewer", expires: null, generation: 1, recoveriesLeft: 3, ca: null },
      certificate: await make(),
    }),
  });
  expect(await failureOf(renewLine(ports, "web", OPTIONS))).toMatchObject({ code: "RENEW_REFUSED" });
  expect(await current()).toBe(DUE);
});

test("a gateway that signs nothing leaves a certificate that is only longer than wanted; a due one is an error", async () => {
  const ask = async () => ({ refused: "this gateway has no CA of its own", retry: false });
  const { ports, pending, current } = renewStage({ certificate: FRESH, ask });
  const done = await renewLine(ports, "web", { force: false, lifeMs: 7 * DAY_MS });
  expect(done).toMatchObject({ renewed: false, until: NOW + 90 * DAY_MS });
  expect([await current(), pending.size]).toEqual([FRESH, 0]);
  const due = renewStage({ certificate: DUE, ask });
  expect(await failureOf(renewLine(due.ports, "web", OPTIONS))).toMatchObject({ code: "RENEW_REFUSED" });
});
