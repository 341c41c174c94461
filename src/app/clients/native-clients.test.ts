/** Whom a machine has let in to a native line. */
import { expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryRecords } from "../../../test/support/app/memory-records.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { makeKeyPair, publicKeyFingerprint } from "../../pki/index.ts";
import { formatApproval } from "../approve/index.ts";
import { nativeClients } from "./native-clients.ts";

const FILES = { "docker/ca.pem": "", "docker/cert.pem": "", "docker/key.pem": "" };

function stage(line: Partial<Parameters<typeof sampleLine>[0]> = {}) {
  const [lines, approvals] = [new MemoryLines(), new MemoryRecords()];
  lines.keep(sampleLine({ name: "web", mode: "native", ...line }), FILES);
  return { lines, approvals };
}

test("those that it has approved, by name; records that cannot be read are counted", async () => {
  const ports = stage();
  const { publicKey } = makeKeyPair();
  const keep = async (name: string, text: string) => ports.approvals.write("web", name, text);
  await keep("eva", formatApproval({ name: "eva", expires: null, publicKey }));
  await keep("bob", formatApproval({ name: "bob", expires: "2027-01-01T00:00:00.000Z", publicKey: "x" }));
  await keep("max", "{");
  await ports.approvals.write("other", "zoe", formatApproval({ name: "zoe", expires: null, publicKey }));
  expect(await nativeClients(ports, "web")).toEqual({
    clients: [
      { name: "bob", expires: "2027-01-01T00:00:00.000Z", fingerprint: null },
      { name: "eva", expires: null, fingerprint: publicKeyFingerprint(publicKey) },
    ],
    unread: 1,
  });
});

test("a gateway knows by itself, and a machine that joined has approved nobody", async () => {
  expect(await nativeClients(stage({ mode: "gateway" }), "web")).toBeNull();
  expect(await nativeClients(stage({ joined: true }), "web")).toBeNull();
});
