/** An agent that systemd starts with the first client: by systemd's own systemd-socket-activate. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { MAIN } from "../../support/program.ts";
import { AgentStage, PING, PONG } from "./stage.ts";

test("serves the lines of the sockets it is given; a line that is gone is refused, and served when it is there again", async () => {
  const stage = await AgentStage.make();
  onTestFinished(() => stage.end());
  await stage.writeLine("web");
  mkdirSync(join(stage.home, "agent"), { mode: 0o700 });
  const sockets = ["vps", "web"].flatMap((name) => ["-l", stage.socket(name)]);
  const command = [
    ...sockets,
    "-E",
    `TETHERDOCK_HOME=${stage.home}`,
    process.execPath,
    MAIN,
    "agent",
    "run",
    "vps",
    "web",
  ];
  const child = spawn("systemd-socket-activate", command, { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await expect.poll(() => existsSync(stage.socket("web"))).toBe(true);
  // The first client starts it, and is served.
  expect(await (await stage.client()).send(PING).sees("\r\n\r\n")).toBe(PONG);
  expect(await (await stage.client("web")).send(PING).sees("\r\n\r\n")).toBe(PONG);
  expect(said).toContain("ready: 2 lines");
  rmSync(join(stage.home, "lines/web"), { recursive: true });
  await expect.poll(() => said).toContain('web: there is no line "web"');
  expect(await (await stage.client("web")).send(PING).rest()).toContain(
    'tetherdock agent: there is no line \\"web\\"',
  );
  await stage.writeLine("web");
  expect(await (await stage.client("web")).send(PING).sees("\r\n\r\n")).toBe(PONG);
});
