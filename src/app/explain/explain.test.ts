import { describe, expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { keepLine } from "../../../test/support/app/visit-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { OPEN } from "../../../test/support/subject.ts";
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint, type Observation, type ProbeRequest } from "../../engine/index.ts";
import type { UnreadLine } from "../lines/index.ts";
import { explain } from "./explain.ts";

const TEXT = "remote error: tls: certificate required, tcp://192.0.2.7:2376";
const refused: Observation = { kind: "tls-alert", alert: "certificate_required", stage: "after" };

function worldOf(answer = false) {
  const probed: ProbeRequest[] = [];
  const asked: string[] = [];
  const lines = new MemoryLines();
  const leftOut: string[] = [];
  let seen = (_: ProbeRequest): Observation => refused;
  const ports = {
    lines,
    clock: () => NOW,
    probe: async (request: ProbeRequest) => {
      probed.push(request);
      return seen(request);
    },
    mayProbe: async (endpoint: Endpoint) => {
      asked.push(formatEndpoint(endpoint));
      return answer;
    },
    report: () => {},
    leaveOut: ({ name }: UnreadLine) => {
      leftOut.push(name);
    },
  };
  const shows = (next: typeof seen) => {
    seen = next;
  };
  return { ports, probed, asked, lines, shows, leftOut };
}

const request = (over: Partial<Parameters<typeof explain>[1]> = {}) => ({
  ...{ text: TEXT, skipped: 0, about: [], own: [], probe: undefined },
  ...over,
});

describe("an address in a pasted text", () => {
  test("is probed only after a yes", async () => {
    const no = worldOf(false);
    expect((await explain(no.ports, request())).proof).toBeUndefined();
    expect([no.probed, no.asked]).toEqual([[], ["192.0.2.7:2376"]]);
    const yes = worldOf(true);
    expect((await explain(yes.ports, request())).proof).toMatchObject({ danger: "closed" });
  });

  test("is probed without a question if it belongs to a line or the user named it", async () => {
    const world = worldOf();
    await keepLine(world.lines);
    await explain(world.ports, request());
    expect(world.probed.length).toBeGreaterThan(0);
    const named = worldOf();
    await explain(named.ports, request({ own: ["DOCKER_HOST=tcp://192.0.2.7:2376"], about: [TEXT] }));
    expect([named.probed.length, named.asked]).toEqual([3, []]);
  });

  test("--probe and --no-probe answer the question in advance", async () => {
    const [yes, no] = [worldOf(), worldOf(true)];
    await explain(yes.ports, request({ probe: true }));
    const answer = await explain(no.ports, request({ probe: false }));
    expect([yes.probed.length, no.probed.length]).toEqual([3, 0]);
    expect([yes.asked, no.asked, answer.wasRefused]).toEqual([[], [], true]);
  });
});

describe("the probes", () => {
  const withIdentity = ({ credential }: ProbeRequest) => credential.kind !== "plain" && credential.identity;

  test("a line's certificate is sent only to the line's own endpoint", async () => {
    const world = worldOf(true);
    await keepLine(world.lines, { port: 8443 });
    await explain(world.ports, request());
    expect(world.probed.filter(({ credential }) => credential.kind === "tls")).toEqual([]);
  });

  test("a gateway is also tried with an unlisted certificate, and it is reported if that gets in", async () => {
    const world = worldOf();
    await keepLine(world.lines, { mode: "gateway" });
    const tls = { version: "TLSv1.3", certificatePem: "" };
    world.shows(() => refused);
    await explain(world.ports, request());
    expect(world.probed.filter(withIdentity)).toHaveLength(5);
    // The fifth of those with a certificate is the unlisted one: see CALLERS.
    let count = 0;
    world.shows((one) => (withIdentity(one) && ++count === 4 ? ({ ...OPEN, tls } as Observation) : refused));
    const { proof } = await explain(world.ports, request());
    expect(proof?.conclusion).toContain("not on the client list");
  });

  test("with a broken line, only probes that need no line are made", async () => {
    const world = worldOf(true);
    await keepLine(world.lines);
    world.lines.kept.get("vps")?.delete("docker/key.pem");
    await explain(world.ports, request());
    expect(world.probed.map(({ credential }) => credential.kind)).toEqual(["plain", "insecure", "insecure"]);
  });
});

test("a line that cannot be read is left out, and said to be; the others still answer", async () => {
  const { ports, lines, leftOut } = worldOf(false);
  lines.kept.set("locked", new Map());
  const { read } = lines;
  Object.assign(lines, {
    read: (name: string) =>
      name === "locked"
        ? Promise.reject(new TetherdockError("FILE_FAILED", "cannot read line.json"))
        : read(name),
  });
  expect((await explain(ports, request())).explanations).not.toEqual([]);
  expect(leftOut).toContain("locked");
});

test("a text that names no endpoint: nothing is probed and nobody is asked", async () => {
  const { ports, probed, asked } = worldOf(true);
  const answer = await explain(
    ports,
    request({ text: "remote error: tls: certificate required", skipped: 7 }),
  );
  expect(answer).toMatchObject({ endpoint: undefined, proof: undefined, wasRefused: false, skipped: 7 });
  expect([probed, asked]).toEqual([[], []]);
});

test("the endpoint is reported before it is probed", async () => {
  const { ports, probed } = worldOf(true);
  const events: unknown[] = [];
  const report = (event: unknown) => {
    events.push([event, probed.length]);
  };
  await explain({ ...ports, report }, request());
  expect(events).toEqual([[{ kind: "probing", endpoint: { host: "192.0.2.7", port: 2376 } }, 0]]);
});

test("an error that is a bug is passed on", async () => {
  const { ports, lines } = worldOf(true);
  await keepLine(lines);
  const bug = new Error("a bug");
  Object.assign(lines, { readFile: () => Promise.reject(bug), read: async () => sampleLine() });
  await expect(explain(ports, request())).rejects.toBe(bug);
});
