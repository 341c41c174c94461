/** On a real file system, as what an `up` leaves behind is there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { formatLine } from "../../line/index.ts";
import { createLineStore } from "../../system/line-store.ts";
import type { Context } from "../context.ts";
import { discardPending, requireNotPending } from "./pending-line.ts";

const line = sampleLine({ name: "web" });

async function staged() {
  const home = mkdtempSync(join(tmpdir(), "tetherdock-pending-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const lines = createLineStore(home);
  const rest = { "docker/ca.pem": "", "docker/cert.pem": "", "docker/key.pem": "", "ca/ca-key.pem": "" };
  await lines.stage("web", { "line.json": formatLine(line), ...rest });
  return { home, lines, context: { lines } as Context };
}

test("what is pending for another host is told, and left", async () => {
  const { home, lines, context } = await staged();
  await expect(requireNotPending(context, "web", "root@other")).rejects.toMatchObject({
    code: "LINE_PENDING",
    why: [`${home}/lines/.pending-web is there, for core@vps`],
    hints: [expect.stringMatching(/^tetherdock up core@vps --name web /), expect.stringContaining("--name")],
  });
  await discardPending(context, "web", "root@other");
  expect(await lines.pending("web")).toBeDefined();
});

test("what is pending for the same host is in nobody's way, and goes when the host is ours", async () => {
  const { lines, context } = await staged();
  await requireNotPending(context, "web", "core@vps");
  await requireNotPending(context, "api", "root@other");
  expect(await lines.pending("web")).toBeDefined();
  await discardPending(context, "web", "core@vps");
  expect(await lines.pending("web")).toBeUndefined();
});
