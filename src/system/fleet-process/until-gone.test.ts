/** The fleet process ends soon after its gateway has something newer to say about the store. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkPort } from "../gateway-process/fleet/link-port.ts";
import { untilGone } from "./until-gone.ts";

test("it sees that the gateway no longer listens on the socket, and stops waiting when it is told to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gone-"));
  const port = linkPort(join(folder, "clients.json"), {});
  const socket = port.newSocket();
  const close = await port.listen(socket, async () => "");
  const stop = new AbortController();
  const seen: string[] = [];
  const waiting = [
    untilGone(socket, stop.signal).then(() => seen.push("stopped")),
    untilGone(socket, AbortSignal.timeout(20_000)).then(() => seen.push("gone")),
  ];
  stop.abort();
  await expect.poll(() => seen).toEqual(["stopped"]);
  close();
  await Promise.all(waiting);
  expect(seen).toEqual(["stopped", "gone"]);
  await rm(folder, { recursive: true });
}, 10_000);
