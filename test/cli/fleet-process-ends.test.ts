/** The fleet process of a host ends when its gateway answers with nonsense, so that systemd starts it again. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeLaptopStage } from "./laptop-stage.ts";

test("a nonsense answer ends it, although the gateway still listens", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ends-"));
  const socket = join(folder, `fleet-${"0".repeat(32)}.sock`);
  const gateway = createServer({ allowHalfOpen: true }, (asking) => {
    asking.on("error", () => {});
    asking.resume().on("end", () => asking.end("nonsense\n"));
  });
  await once(gateway.listen(socket), "listening");
  const link = join(folder, "link.json");
  const address = { urls: ["https://127.0.0.1:9/acme"], ca: null };
  await writeFile(
    link,
    JSON.stringify({ version: 1, fleet: "acme", host: "one", address, credentials: null, socket }),
  );
  const laptop = makeLaptopStage();
  onTestFinished(async () => {
    laptop.remove();
    gateway.close();
    await rm(folder, { recursive: true });
  });
  const ended = await laptop.run("tetherdock", "fleet", "host", "--link", link);
  expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining("FLEET_LINK_FAILED") });
}, 30_000);
