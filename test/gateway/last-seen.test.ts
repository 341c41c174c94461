/** When clients were last connected: what the gateway answers, and keeps across restarts. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
afterEach(() => stage.end());

const seen = async () => (await call((await stage.connect()).polite(), "GET", "clients")).value["seen"];
const file = () => join(stage.folder, "seen.json");
const restart = async () => {
  await stage.gateway.stop();
  await stage.start();
};

test("a restart does not forget when and from where a client was connected; who leaves the list is dropped", async () => {
  stage = await Stage.make();
  const start = Date.now();
  await call((await stage.connect()).polite(), "GET", "status");
  const vera = (await stage.connect("vera")).polite();
  await call(vera, "GET", "status");
  const address = expect.stringMatching(/^127\..*:\d+$/);
  const time = expect.toSatisfy((ms: number) => ms >= start - 1_000 && ms <= Date.now() + 1_000);
  await restart();
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  const certificateEnds = expect.toSatisfy((ms: number) => ms > Date.now());
  expect(await seen()).toEqual(["anna", "vera"].map((name) => ({ name, time, address, certificateEnds })));
  await stage.setList(stage.list.filter(({ name }) => name !== "vera"));
  await restart();
  expect(JSON.parse(await readFile(file(), "utf8")).clients).toHaveLength(1);
});

test("a file of a newer version is left as it is, and the gateway works", async () => {
  stage = await Stage.make();
  await stage.gateway.stop();
  const newer = '{"version":2}';
  await writeFile(file(), newer);
  await stage.start();
  expect(stage.gateway.lines.join()).toMatch(
    /last seen: .*seen.json; it is left as it is: .*newer tetherdock/,
  );
  expect(await seen()).toMatchObject([{ name: "anna" }]);
  await stage.gateway.stop();
  expect(await readFile(file(), "utf8")).toBe(newer);
});
