import { expect, test } from "vitest";
import { EMPTY_FILES, MemoryLines } from "../../../../test/support/app/lines.ts";
import { upRequest } from "../../../../test/support/app/up-world.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { formatLine } from "../../../line/index.ts";
import { adoptPending, discardPending, pendingLineOf, requireNotPending } from "./pending-line.ts";

const line = sampleLine({ name: "web" });

async function staged() {
  const lines = new MemoryLines();
  await lines.stage("web", { "line.json": formatLine(line), ...EMPTY_FILES });
  return lines;
}

test("a pending line for another host is an error, and is kept", async () => {
  const lines = await staged();
  await expect(requireNotPending({ lines }, "web", "root@other", upRequest())).rejects.toMatchObject({
    code: "LINE_PENDING",
    why: ["/lines/.pending-web is there, for core@vps"],
    hints: [
      expect.stringMatching(/^tetherdock up core@vps --name web /),
      "tetherdock up core@vps --name web-2   # to use another name",
    ],
  });
  await discardPending({ lines }, "web", "root@other");
  expect(lines.staged.has("web")).toBe(true);
});

test("a pending line of this machine itself is named so", async () => {
  const lines = new MemoryLines();
  await lines.stage("web", { "line.json": formatLine({ ...line, target: null }), ...EMPTY_FILES });
  await expect(requireNotPending({ lines }, "web", "root@other", upRequest())).rejects.toMatchObject({
    why: ["/lines/.pending-web is there, for this machine"],
    hints: expect.arrayContaining(["tetherdock up --local --name web   # to finish what was started"]),
  });
});

test("a pending line for the same host is no error, and is discarded later", async () => {
  const lines = await staged();
  await requireNotPending({ lines }, "web", "core@vps", upRequest());
  await requireNotPending({ lines }, "api", "root@other", upRequest());
  expect(lines.staged.has("web")).toBe(true);
  await discardPending({ lines }, "web", "core@vps");
  expect(lines.staged.has("web")).toBe(false);
});

test("a line that is being joined is not a line of this machine's host, and is kept", async () => {
  const lines = new MemoryLines();
  const joined = sampleLine({ name: "web", target: null, joined: true });
  const files = { "docker/ca.pem": "", "docker/cert.pem": "", "docker/key.pem": "" };
  await lines.stage("web", { "line.json": formatLine(joined), ...files });
  await expect(requireNotPending({ lines }, "web", null, upRequest())).rejects.toMatchObject({
    code: "LINE_PENDING",
    why: ["/lines/.pending-web is there, for an invitation"],
    hints: expect.arrayContaining(["tetherdock join --name web   # to finish what was started"]),
  });
  await discardPending({ lines }, "web", null);
  expect(lines.staged.has("web")).toBe(true);
});

test("a pending line that was cut off is as good as none, and is discarded", async () => {
  const lines = await staged();
  expect(await pendingLineOf({ lines }, "web")).toEqual(line);
  expect(await pendingLineOf({ lines }, "api")).toBeNull();
  await lines.updatePending("web", "line.json", '{"version":');
  expect(await pendingLineOf({ lines }, "web")).toBeNull();
  await requireNotPending({ lines }, "web", "root@other", upRequest());
  await discardPending({ lines }, "web", "root@other");
  expect(lines.staged.size).toBe(0);
});

test("a pending line is kept once: a line of this name that is there already is not written", async () => {
  const lines = await staged();
  await adoptPending({ lines }, "web");
  expect([...lines.kept.keys()]).toEqual(["web"]);
  lines.onWrite = () => {
    throw new Error("it must not be written");
  };
  await adoptPending({ lines }, "web");
});
