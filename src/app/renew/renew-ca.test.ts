/** How the next certificate of a line's CA gets to a machine that renews through the gateway. */
import { expect, test } from "vitest";
import type { MemoryLines } from "../../../test/support/app/lines.ts";
import { ca, DUE, issuing, lineCa, OPTIONS, renewStage } from "../../../test/support/app/renew-stage.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import type { LineFile } from "../../line/index.ts";
import { crossCertify, formatBundle, makeAuthority, openAuthority, renewAuthority } from "../../pki/index.ts";
import { renewLine } from "./renew-line.ts";

const lineFile = (lines: MemoryLines, file: LineFile) => lines.kept.get("web")?.get(file);

test("a new certificate of the line's CA comes with the renewal, to the line and to its docker contexts", async () => {
  const { ports, lines, gateway, contexts } = renewStage();
  const next = await renewAuthority(lineCa, NOW);
  gateway.ca = next.certificate;
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({
    ca: { key: null, until: next.facts.notAfter },
  });
  expect(lineFile(lines, "docker/ca.pem")).toBe(next.certificate);
  expect(contexts.get("web")?.files["ca.pem"]).toBe(next.certificate);
  expect(await renewLine(ports, "web", { ...OPTIONS, force: true })).toMatchObject({ ca: null });
});

test("wherever it is interrupted, the line has the old CA or the next one, and the next renewal ends it", async () => {
  const next = await renewAuthority(lineCa, NOW);
  for (let writes = 0; ; writes += 1) {
    const { ports, lines, gateway, writes: limit } = renewStage();
    gateway.ca = next.certificate;
    limit.left = writes;
    const killed = await renewLine(ports, "web", OPTIONS).then(
      () => false,
      () => true,
    );
    if (!killed) break;
    expect([ca.certificate, next.certificate]).toContain(lineFile(lines, "docker/ca.pem"));
    limit.left = Number.POSITIVE_INFINITY;
    await renewLine(ports, "web", { ...OPTIONS, force: true });
    expect(lineFile(lines, "docker/ca.pem")).toBe(next.certificate);
    expect(gateway.copies).toBe(0);
  }
});

test.each([
  [
    "of another key with the same name",
    async () => makeAuthority({ subject: "x", now: NOW, namedAs: ca.certificate }),
  ],
  ["that it has already", async () => ca],
  ["of the gateway's own", async () => issuing],
])("a CA %s is not taken, whatever the gateway says", async (_what, make) => {
  const { ports, lines, gateway, current } = renewStage();
  gateway.ca = (await make()).certificate;
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, ca: null });
  expect(lineFile(lines, "docker/ca.pem")).toBe(ca.certificate);
  expect(await current()).not.toBe(DUE);
});

test("an older gateway sends no CA", async () => {
  const { ports, lines, gateway } = renewStage();
  gateway.ca = null;
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, ca: null });
  expect(lineFile(lines, "docker/ca.pem")).toBe(ca.certificate);
});

test("a CA with another key is trusted besides, and the gateway is told once it is kept", async () => {
  const { ports, lines, gateway } = renewStage();
  const next = await openAuthority(await makeAuthority({ subject: "next", now: NOW }));
  const authorities = [ca.certificate, next.certificate];
  gateway.ca = formatBundle({ authorities, crosses: [await crossCertify(lineCa, next.certificate)] });
  const { publicKeyFingerprint, notAfter } = next.facts;
  const wasKept: boolean[] = [];
  const { ask } = ports;
  ports.ask = async (line, endpoint, credential, asked) => {
    if (asked.trusts !== undefined) wasKept.push(lineFile(lines, "docker/ca.pem") === credential.ca);
    return ask(line, endpoint, credential, asked);
  };
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({
    generation: 1,
    ca: { key: publicKeyFingerprint, until: notAfter },
  });
  expect(lineFile(lines, "docker/ca.pem")).toBe(formatBundle({ authorities, crosses: [] }));
  expect(wasKept).toEqual([true]);
  const [first, second] = gateway.asked;
  expect(second).toEqual({ request: first?.request, lifeMs: null, trusts: publicKeyFingerprint });

  gateway.ca = formatBundle({ authorities: authorities.toReversed(), crosses: [] });
  await renewLine(ports, "web", { ...OPTIONS, force: true });
  expect(lineFile(lines, "docker/ca.pem")).toBe(next.certificate);
  expect([gateway.asked.length, gateway.copies]).toEqual([3, 0]);
});

test("interrupted before the gateway is told, the next renew tells it, without --force", async () => {
  const { ports, pending, gateway } = renewStage();
  const next = await openAuthority(await makeAuthority({ subject: "next", now: NOW }));
  const authorities = [ca.certificate, next.certificate];
  gateway.ca = formatBundle({ authorities, crosses: [await crossCertify(lineCa, next.certificate)] });
  const { ask } = ports;
  ports.ask = async (line, endpoint, credential, asked) => {
    if (asked.trusts !== undefined) throw new Error("killed");
    return ask(line, endpoint, credential, asked);
  };
  await expect(renewLine(ports, "web", OPTIONS)).rejects.toThrow("killed");
  ports.ask = ask;
  await renewLine(ports, "web", OPTIONS);
  expect(gateway.asked.at(-1)).toMatchObject({ trusts: next.facts.publicKeyFingerprint });
  expect([gateway.copies, pending.size]).toEqual([0, 0]);
  const { length } = gateway.asked;
  await renewLine(ports, "web", OPTIONS);
  expect(gateway.asked, "once").toHaveLength(length);
});

test("a CA without the signature of the one that is trusted is not, and the gateway is told nothing", async () => {
  const { ports, lines, gateway } = renewStage();
  const thief = await openAuthority(await makeAuthority({ subject: "thief", now: NOW }));
  const next = await makeAuthority({ subject: "next", now: NOW });
  const authorities = [ca.certificate, next.certificate];
  gateway.ca = formatBundle({ authorities, crosses: [await crossCertify(thief, next.certificate)] });
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, ca: null });
  expect(lineFile(lines, "docker/ca.pem")).toBe(ca.certificate);
  expect(gateway.asked).toHaveLength(1);
});
