import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

const PATH = join(tmpdir(), `tetherdock-metrics-${process.pid}.sock`);

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ config: { metrics: `unix://${PATH}` } });
});
afterAll(() => stage.end());

async function scraped(path = "/metrics") {
  const [response] = (await once(get({ socketPath: PATH, path }), "response")) as [IncomingMessage];
  return { status: response.statusCode, type: response.headers["content-type"], body: await text(response) };
}

/** Value of a sample by its name and labels. */
const sample = (body: string, name: string) =>
  Number(
    body
      .split("\n")
      .find((line) => line.startsWith(`${name} `))
      ?.split(" ")[1],
  );

async function asked(who: string, target: string, reply: string | null): Promise<void> {
  const client = await stage.connect(who);
  client.send(ask(target, "GET"));
  const docker = reply === null ? null : await stage.docker.next();
  await docker?.sees("\r\n\r\n");
  if (reply !== null) docker?.send(reply);
  await client.sees("\r\n\r\n");
  client.destroy();
}

test("rate, errors and duration by kind of operation; connections and refusals", async () => {
  await asked("anna", "/_ping", answer(200, "OK"));
  await asked("anna", "/_ping", answer(404, "none"));
  await asked("anna", "/containers/x/json", answer(500, "broken"));
  await asked("vera", "/secrets", null);
  await asked("anna", "/tetherdock/v1/status", null);
  await (await stage.connectWith({})).over;
  const open = await stage.connect();
  open.send(ask("/events"));
  await stage.docker.next();
  const { status, type, body } = await scraped();
  expect(status).toBe(200);
  expect(type).toBe("text/plain; version=0.0.4; charset=utf-8");
  const requests = (kind: string, outcome: string) =>
    sample(body, `tetherdock_requests_total{kind="${kind}",outcome="${outcome}"}`);
  expect(requests("read", "2xx")).toBe(1);
  expect(requests("read", "4xx")).toBe(1);
  expect(requests("read", "5xx")).toBe(1);
  expect(requests("read", "denied")).toBe(1);
  expect(requests("gateway", "2xx")).toBe(1);
  expect(sample(body, 'tetherdock_request_seconds_bucket{kind="read",outcome="2xx",le="+Inf"}')).toBe(1);
  expect(sample(body, 'tetherdock_events_total{event="peer_refused"}')).toBe(1);
  expect(sample(body, "tetherdock_connections")).toBeGreaterThanOrEqual(1);
  expect(sample(body, "tetherdock_audit_failing")).toBe(0);
});

test("every line is a comment or a sample, and every sample has a TYPE", async () => {
  const { body } = await scraped();
  const typed = new Set(
    [...body.matchAll(/^# TYPE (\S+) (?:counter|gauge|histogram)$/gm)].map(([, name]) => name),
  );
  for (const line of body
    .trimEnd()
    .split("\n")
    .filter((one) => !one.startsWith("#"))) {
    expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+$/);
    const name = /^[a-z_]+/.exec(line)?.[0].replace(/_(bucket|sum|count)$/, "");
    expect(typed).toContain(name);
  }
});

test("other paths are not found", async () => {
  expect((await scraped("/")).status).toBe(404);
});
