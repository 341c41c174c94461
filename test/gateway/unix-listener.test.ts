import { rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { runHere } from "./support/run-here.ts";
import { Stage } from "./support/stage.ts";
import { Wire } from "./support/wire.ts";

let stage: Stage;
afterEach(() => stage.end());

const listening = (client: string, path: string, more = {}) => ({
  listen: [{ address: `unix://${path}`, client, ...more }],
  tls: null,
});

/** @returns the path of the socket */
async function made(client: string, more = {}): Promise<string> {
  const path = join(tmpdir(), `tetherdock-${process.pid}-${Math.random().toString(36).slice(2)}.sock`);
  stage = await Stage.make({ config: listening(client, path, more) });
  return path;
}

test("every connection is the named client, with its role and without TLS", async () => {
  const path = await made("vera");
  const local = new Wire(connect(path));
  local.send(ask("/containers/x", "DELETE"));
  await local.sees(/403.*viewer/s);
  local.send(ask("/_ping"));
  const docker = await stage.docker.asked();
  docker.send(answer(200, "OK"));
  await local.sees("OK");
  local.end();
  await local.closed;
  await expect
    .poll(async () => (await stage.records()).at(-1))
    .toMatchObject({ client: "vera", fingerprint: null });
});

test("the socket has its mode, and is removed when the gateway ends", async () => {
  const path = await made("anna", { mode: "0600" });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await stage.gateway.stop();
  await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("revoking the client ends its connections; a client that is not on the list gets nothing", async () => {
  const path = await made("vera");
  const local = new Wire(connect(path));
  await stage.change("vera", { state: "revoked" });
  await local.over;
  const again = new Wire(connect(path));
  again.send(ask("/_ping"));
  await again.sees(/403.*revoked/s);
});

test("half-close works on a unix socket", async () => {
  const path = await made("anna");
  const local = new Wire(connect({ path, allowHalfOpen: true }));
  local.send(ask("/exec/x/start", "POST", "Connection: Upgrade\r\nUpgrade: tcp\r\n")).end("stdin");
  const docker = await stage.docker.asked();
  docker.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  expect(await docker.rest()).toBe("stdin");
  docker.end("late");
  expect(await local.rest()).toMatch(/late$/);
});

test("a socket left over from a killed run is replaced; any other file is not", async () => {
  const path = await made("anna");
  await expect(runHere(await second(path))).rejects.toThrow(/cannot listen on/);
  await stage.gateway.stop();
  await writeFile(path, "a file");
  await expect(runHere(await second(path))).rejects.toThrow(/cannot listen on/);
  await rm(path);
});

/** A second gateway's configuration, for the same socket. */
async function second(path: string): Promise<string> {
  const audit = { directory: join(stage.folder, "audit2") };
  await stage.write("second.json", JSON.stringify({ ...stage.config(), ...listening("anna", path), audit }));
  return join(stage.folder, "second.json");
}
