/** The command of docs/fleet.md that sends a fleet's records to a syslog server, with util-linux's logger. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

const page = readFileSync(new URL("../../docs/fleet.md", import.meta.url), "utf8");
const COMMAND =
  /^ExecStart=\/bin\/sh -c '(.* logger .*)'$/m.exec(page)?.[1] ?? expect.fail("the page has no command");

let laptop: LaptopStage;
let host: GatewayStage;

beforeAll(async () => {
  laptop = makeLaptopStage();
  host = await startGateway(laptop, "web", "host-web");
  for (const args of [
    ["init", "acme"],
    ["join", "web"],
  ])
    expect(await laptop.run("tetherdock", "fleet", ...args)).toMatchObject({ status: 0 });
}, 60_000);
afterAll(async () => {
  await host?.stop();
  laptop?.remove();
});

/** What a syslog server reads: RFC 6587's octet counting. */
function framesIn(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(" ", at);
    const end = space + 1 + Number(bytes.toString("latin1", at, space));
    if (space < 0 || !(end <= bytes.length)) break;
    frames.push(bytes.toString("utf8", space + 1, end));
    at = end;
  }
  return frames;
}

/** Header and structured data of RFC 5424, and the message. */
const MESSAGE = /^<13>1 \S+ \S+ tetherdock-audit \S+ \S+ \[timeQuality [^\]]*\] (\{.*\})$/;

test("each record comes whole, as it is made, as a message of RFC 5424", async () => {
  let received = Buffer.alloc(0);
  const server = createServer((socket) =>
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, Buffer.from(bytes)]);
    }),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const command = COMMAND.replace("log.example", "127.0.0.1").replace("--port 514", `--port ${port}`);
  // A process group of its own, to end both ends of the pipe.
  const child = laptop.spawn("setsid", ["/bin/sh", "-c", command]);
  const over = once(child, "close");
  onTestFinished(async () => {
    process.kill(-(child.pid ?? expect.fail()), "SIGTERM");
    await over;
    server.close();
  });
  const long = `/v1.41/containers/${"x".repeat(1_000)}/stop`;
  const records = () => framesIn(received).map((frame) => MESSAGE.exec(frame)?.[1] ?? expect.fail(frame));
  await expect
    .poll(
      async () => {
        await host.ask("POST", long);
        return records().filter((record) => JSON.parse(record).target === long).length;
      },
      { timeout: 30_000, interval: 300 },
    )
    .toBeGreaterThan(1);
  // Copying the log is recorded too, and that record may reach the server before the copy is printed.
  const sent = records();
  const { stdout } = await laptop.run("tetherdock", "fleet", "audit", "--json");
  const copied = new Set(stdout.trim().split("\n"));
  expect(sent.filter((record) => !copied.has(record))).toEqual([]);
}, 60_000);
