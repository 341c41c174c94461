/** Half a gigabyte in one piece, two with `scripts/test --all`, both ways: not a byte more, less or other. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { everything } from "../support/sample.ts";

const BYTES = everything ? 2_000_000_000 : 500_000_000;

let line: GatewayLine;
beforeAll(async () => {
  line = await openGatewayLine("gwbulk");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

test(`docker load and save of an image of ${BYTES} bytes: the same sum as on the host itself`, async () => {
  // random, so that nothing on the way can shorten it; made on the host, which is not what is measured
  await line.host.root(`mkdir big; openssl enc -aes-128-ctr -K ${"1".repeat(32)} -iv ${"0".repeat(32)} -in /dev/zero 2>/dev/null | head -c ${BYTES} >big/data
    tar -c -C big data | docker import - big >/dev/null; rm -r big`);
  const sums = async (script: string) => (await line.laptop.bash(script, { env: line.env })).stdout.trim();
  const saved = await sums("docker save big | tee big.tar | sha256sum");
  expect(saved).toMatch(/^[0-9a-f]{64} /);
  expect(await line.host.root("docker save big | sha256sum; docker rmi big >/dev/null")).toBe(`${saved}\n`);
  const loaded = await sums("docker load -i big.tar && stat -c %s big.tar");
  expect(loaded).toMatch(/Loaded image: big:latest\n\d+$/);
  expect(Number(loaded.split("\n").at(-1))).toBeGreaterThan(BYTES);
  expect(await line.host.root("docker save big | sha256sum")).toBe(`${saved}\n`);
}, 600_000);
