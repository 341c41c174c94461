/** What stands in the way on the laptop itself. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificates, writeSampleLine } from "../cli/sample-line.ts";
import { bootHost, type Host } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";

let host: Host;
let before: string;
let destination: string;

beforeAll(async () => {
  host = await bootHost({ name: "here" });
  destination = `root@${host.name}`;
  before = await host.fingerprint();
});
afterAll(async () => {
  const after = await host.fingerprint();
  await host[Symbol.asyncDispose]();
  expect(after).toBe(before);
});

test("a name that is another host's line", async () => {
  await using laptop = await makeLaptop(host.sshConfig);
  writeSampleLine(laptop.home, "web", makeCertificates(30), { target: "me@elsewhere.example" });
  const up = ["up", destination, "--name", "web", "--yes"];
  const { hints } = await expectRefused(laptop, up, "LINE_EXISTS", /web.*elsewhere\.example/s);
  expect(hints.join("\n")).toContain("--name");
});

test("a line with a broken file", async () => {
  await using laptop = await makeLaptop(host.sshConfig);
  writeSampleLine(laptop.home, "web", makeCertificates(30));
  await writeFile(join(laptop.home, "lines/web/line.json"), '{ "version": 1,');
  const up = ["up", destination, "--name", "web", "--yes"];
  await expectRefused(laptop, up, "LINE_BROKEN", "lines/web/line.json");
  await expectRefused(laptop, ["down", "web", "--yes"], "LINE_BROKEN", "lines/web/line.json");
});

test("a question without a terminal", async () => {
  await using laptop = await makeLaptop(host.sshConfig);
  const { hints } = await expectRefused(laptop, ["up", destination], "PROMPT_IMPOSSIBLE", "Carry this out?");
  expect(hints.join("\n")).toContain("--yes");
});

test("a port that is in use", async () => {
  await using laptop = await makeLaptop(host.sshConfig);
  await expectRefused(laptop, ["up", destination, "--port", "22", "--yes"], "PORT_TAKEN", /22.*sshd/s);
});

test("no place for the line's keys", async () => {
  await using laptop = await makeLaptop(host.sshConfig);
  await mkdir(laptop.home);
  await writeFile(join(laptop.home, "lines"), "a file where a folder should be\n");
  await expectRefused(laptop, ["up", destination, "--yes"], "FILE_FAILED", "lines");
});
