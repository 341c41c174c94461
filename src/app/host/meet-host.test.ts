/** Which line a host belongs to if several lines have recorded its server key. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeHost, failed } from "../../../test/support/app/fake-host.ts";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { TransactionFact } from "../../facts/index.ts";
import { publicKeyFingerprint } from "../../pki/index.ts";
import { meetHost, requireKeyHeld } from "./meet-host.ts";

const random = { uuid: () => "uuid", hex: (bytes: number) => "0".repeat(bytes * 2) };

function stage(count: number, claimed?: number) {
  const shell = new FakeHost();
  const serverKeys = [publicKeyFingerprint(shell.publicKey) ?? ""];
  const lines = Array.from({ length: count }, (_, at) =>
    sampleLine({
      id: `00000000000000a${at}`,
      name: `line${at}`,
      target: `root@host${at}`,
      host: { serverKeys, reachedAt: [], ssh: null },
    }),
  );
  const about = claimed === undefined ? null : { lineId: lines[claimed]?.id, lineName: `line${claimed}` };
  const transactions = about ? [{ number: 1, state: "confirmed", about, entries: [] }] : [];
  const facts = hostFacts(
    {},
    {
      ours: { files: new Map(), publicKey: shell.publicKey },
      transactions: transactions as unknown as TransactionFact[],
    },
  );
  const meet = (target = "root@elsewhere") =>
    meetHost(random, { shell, hostname: "192.0.2.7", place: null }, target, facts, lines);
  return { shell, lines, meet };
}

test("the line in the host's journal is tried first, then the line with this destination", async () => {
  expect(await stage(3, 2).meet()).toMatchObject({ proven: "00000000000000a2" });
  expect(await stage(3).meet("root@host1")).toMatchObject({ proven: "00000000000000a1" });
  expect(await stage(3).meet()).toMatchObject({ proven: "00000000000000a0" });
});

test("if the proof fails for one line, the next one is tried", async () => {
  const { shell, meet } = stage(2);
  let asked = 0;
  shell.onRun = () => {
    asked += 1;
    shell.endings.sign = asked === 1 ? failed(1) : undefined;
  };
  expect(await meet()).toMatchObject({ proven: "00000000000000a1" });
});

test("a line that has recorded another key is not asked for, nor any if the host shows no key", async () => {
  const { shell, lines, meet } = stage(2);
  const other = lines.map((line) => ({ ...line, host: { ...line.host, serverKeys: ["f".repeat(64)] } }));
  const open = { shell, hostname: "192.0.2.7", place: null };
  const facts = (publicKey: string | null) => hostFacts({}, { ours: { files: new Map(), publicKey } });
  expect(await meetHost(random, open, null, facts(shell.publicKey), other)).toMatchObject({ proven: null });
  expect(await meetHost(random, open, null, facts(null), lines)).toMatchObject({
    proven: null,
    serverKey: null,
  });
  expect(shell.ran).toEqual([]);
  await meet();
  expect(shell.ran).toEqual(["sign"]);
});

test("a host that signs nothing is asked four times at most", async () => {
  const { shell, meet } = stage(9);
  shell.endings.sign = failed(1);
  expect(await meet()).toMatchObject({ proven: null });
  expect(shell.ran).toEqual(["sign", "sign", "sign", "sign"]);
});

test("a host signs the line's id and 32 new random bytes: an old signature and another line's prove nothing", async () => {
  const shell = new FakeHost();
  const scripts: string[] = [];
  const limits: number[] = [];
  const recording = {
    ...{ arrivedAt: null, send: () => shell.send(), atEnd: () => {}, close: () => shell.close() },
    run: (script: string, timeoutMs: number) => {
      scripts.push(script);
      limits.push(timeoutMs);
      return shell.run(script);
    },
  };
  const digits = ["1", "2"];
  const fresh = { uuid: () => "", hex: (bytes: number) => (digits.shift() ?? "").repeat(bytes * 2) };
  for (const id of ["00000000000000aa", "00000000000000bb"])
    await requireKeyHeld(fresh, recording, shell.publicKey, id);
  const [first, second] = scripts;
  expect(first).toContain("00000000000000aa");
  expect(first).toContain("1".repeat(64));
  expect(second).toContain("00000000000000bb");
  expect(second).toContain("2".repeat(64));
  expect(limits).toEqual([20_000, 20_000]);
});

test("a signature of a script that failed is none", async () => {
  const shell = new FakeHost();
  const run = shell.run.bind(shell);
  Object.assign(shell, { run: async (script: string) => ({ ...(await run(script)), status: 1 }) });
  expect(await failureOf(requireKeyHeld(random, shell, shell.publicKey, "00000000000000aa"))).toMatchObject({
    code: "HOST_KEY_NOT_HELD",
  });
});

test("a key that the host does not hold: the error says why, and how to look", async () => {
  const shell = new FakeHost();
  shell.endings.sign = failed(1);
  const error = await failureOf(requireKeyHeld(random, shell, shell.publicKey, "00000000000000aa"));
  expect(error).toMatchObject({
    code: "HOST_KEY_NOT_HELD",
    why: [expect.stringContaining("another host's key")],
    hints: [expect.stringMatching(/^openssl pkey /), expect.stringMatching(/^openssl version/)],
  });
});
