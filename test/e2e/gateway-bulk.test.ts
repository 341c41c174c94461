/** Two gigabytes in one piece, both ways: not a byte more, less or other. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";

const BYTES = 2_000_000_000;

let line: GatewayLine;
beforeAll(async () => {
  line = await openGatewayLine("gwbulk");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

test("docker load and save of a 2 GB image: the same sum as on the host itself", async () => {
  // random, so that nothing on the way can shorten it; made on the host, which is not what is measured
  await line.host.root(`mkdir big; openssl enc -aes-128-ctr -K ${"1".repeat(32)} -iv ${"0".repeat(32)} -in /dev/zero 2>/dev/null | head -c ${BYTES} >big/data
    tar -c -C big data | docker import - big >/dev/null; rm -r big`);
  const sums = async (script: string) => (await line.laptop.bash(script, { env: line.env })).stdout.trim();
  const saved = await sums("docker save big | tee big.tar | sha256sum");
  expect(saved).toMatch(/^[0-9a-f]{64} /);
  expect(await line.host.root("docker save big | sha256sum; docker rmi big >/dev/null")).toBe(`${saved}\n`);
  expect(await sums("docker load -i big.tar && stat -c %s big.tar")).toMatch(
    /Loaded image: big:latest\n20\d{8}$/,
  );
  expect(await line.host.root("docker save big | sha256sum")).toBe(`${saved}\n`);
}, 600_000);
