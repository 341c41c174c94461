/** How the next certificate of a line's CA gets to a machine that renews through the gateway. */
import { expect, test } from "vitest";
import type { MemoryLines } from "../../../test/support/app/lines.ts";
import { ca, DUE, issuing, lineCa, OPTIONS, renewStage } from "../../../test/support/app/renew-stage.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import type { LineFile } from "../../line/index.ts";
import { makeAuthority, renewAuthority } from "../../pki/index.ts";
import { renewLine } from "./renew-line.ts";

const lineFile = (lines: MemoryLines, file: LineFile) => lines.kept.get("web")?.get(file);

test("a new certificate of the line's CA comes with the renewal, to the line and to its docker contexts", async () => {
  const { ports, lines, gateway, contexts } = renewStage();
  const next = await renewAuthority(lineCa, NOW);
  gateway.ca = next.certificate;
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ caUntil: next.facts.notAfter });
  expect(lineFile(lines, "docker/ca.pem")).toBe(next.certificate);
  expect(contexts.get("web")?.files["ca.pem"]).toBe(next.certificate);
  expect(await renewLine(ports, "web", { ...OPTIONS, force: true })).toMatchObject({ caUntil: null });
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
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, caUntil: null });
  expect(lineFile(lines, "docker/ca.pem")).toBe(ca.certificate);
  expect(await current()).not.toBe(DUE);
});

test("an older gateway sends no CA", async () => {
  const { ports, lines, gateway } = renewStage();
  gateway.ca = null;
  expect(await renewLine(ports, "web", OPTIONS)).toMatchObject({ renewed: true, caUntil: null });
  expect(lineFile(lines, "docker/ca.pem")).toBe(ca.certificate);
});
