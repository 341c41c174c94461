/** Every kind of tampering, with logs of a few files built block by block. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { auditFileName } from "../file-name.ts";
import { formatHeader, GENESIS, sealBlock } from "./chain.ts";
import { type FileReport, FileWalk } from "./file-walk.ts";
import { type AuditVerification, verifyChain } from "./verify-chain.ts";
import { verifyLog } from "./verify-log.ts";

// Many runs, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

type Log = Map<number, Buffer>;

/** @param files blocks of each file; a block is the texts of its records */
function makeLog(
  files: readonly (readonly (readonly string[])[])[],
  keep = 3,
): { log: Log; seals: string[] } {
  const log: Log = new Map();
  const seals: string[] = [];
  const seal = (block: string, count: number): string => {
    const sealed = sealBlock(seals.at(-1) ?? GENESIS, block, count);
    seals.push(sealed.seal);
    return sealed.bytes.toString();
  };
  for (const [at, blocks] of files.entries()) {
    const oldest = Math.max(1, at + 2 - keep);
    let text = seal(formatHeader({ file: at + 1, follows: seals.at(-1) ?? GENESIS, oldest, begun: at }), 1);
    for (const block of blocks)
      text += seal(block.map((record) => `{"time":1,"x":"${record}"}\n`).join(""), block.length);
    log.set(at + 1, Buffer.from(text));
    log.delete(oldest - 1);
  }
  return { log, seals };
}

function walk(number: number, bytes: Buffer, onSeal: (seal: string) => void): FileReport {
  const file = new FileWalk(number, "actions", onSeal);
  let from = 0;
  for (let at = bytes.indexOf("\n"); at >= 0; at = bytes.indexOf("\n", from)) {
    file.push(bytes.subarray(from, at + 1));
    from = at + 1;
  }
  return file.report(bytes.length - from);
}

function verify(log: Log, expected?: string): AuditVerification {
  let found = false;
  const reports = [...log]
    .sort(([a], [b]) => a - b)
    .map(([number, bytes]) => walk(number, bytes, (seal) => (found ||= seal === expected)));
  const files = reports as [FileReport, ...FileReport[]];
  return verifyLog([verifyChain(files)], expected === undefined ? undefined : { seal: expected, found });
}

const record = fc.stringMatching(/^[a-z ]{0,12}$/);
const blocks = fc.array(fc.array(record, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
const logs = fc.array(blocks, { minLength: 1, maxLength: 5 }).map((files) => ({ files, ...makeLog(files) }));

/** A log, one of its files, and a place in it. */
const places = logs.chain(({ log, seals }) =>
  fc.constantFrom(...log.keys()).chain((number) => {
    const bytes = log.get(number) ?? Buffer.alloc(0);
    return fc.record({
      log: fc.constant(log),
      seals: fc.constant(seals),
      number: fc.constant(number),
      bytes: fc.constant(bytes),
      lines: fc.constant<string[]>(bytes.toString("latin1").match(/.*\n/g) ?? []),
      at: fc.nat(bytes.length - 1),
    });
  }),
);

function put(log: Log, number: number, bytes: Buffer): Log {
  return new Map(log).set(number, bytes);
}

function join(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(""), "latin1");
}

describe("verifyChain()", () => {
  test("finds nothing wrong in an unchanged log, and counts its records", () => {
    fc.assert(
      fc.property(logs, ({ log, files, seals }) => {
        const kept = files.slice(-log.size).flat(2).length;
        const seal = seals.at(-1);
        const rotated = files.length - log.size;
        const newest = auditFileName(files.length);
        const part = { part: "actions", newest, begins: rotated, rotated };
        const found = { files: log.size, records: kept, seal };
        expect(verify(log, seal)).toEqual({
          ok: true,
          complete: rotated === 0,
          ...found,
          problems: [],
          parts: [{ ...part, ...found }],
        });
      }),
    );
  });

  test("finds any changed byte, and names the file", () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 255 }), ({ log, number, bytes, at }, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        const { ok, problems } = verify(put(log, number, changed));
        expect(ok).toBe(false);
        expect(problems.map(({ file }) => file)).toContain(auditFileName(number));
      }),
      { numRuns: 1000 },
    );
  });

  test("finds a removed line", () => {
    fc.assert(
      fc.property(places, ({ log, number, lines, at }) => {
        const removed = at % lines.length;
        const rest = lines.filter((_, index) => index !== removed);
        expect(verify(put(log, number, join(rest))).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("finds lines whose order changed", () => {
    fc.assert(
      fc.property(places, fc.nat(), ({ log, number, lines, at }, other) => {
        const [a, b] = [at % lines.length, other % lines.length];
        fc.pre(lines[a] !== lines[b]);
        const swapped = [...lines];
        [swapped[a], swapped[b]] = [lines[b] ?? "", lines[a] ?? ""];
        expect(verify(put(log, number, join(swapped))).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("finds added bytes", () => {
    fc.assert(
      fc.property(
        places,
        fc.uint8Array({ minLength: 1, maxLength: 5 }),
        ({ log, number, bytes, at }, more) => {
          const longer = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
          expect(verify(put(log, number, longer)).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("finds a file that is missing or replaced, except the newest", () => {
    fc.assert(
      fc.property(places, fc.nat(), ({ log, number, bytes }, pick) => {
        const newest = Math.max(...log.keys());
        fc.pre(number !== newest);
        const without = new Map(log);
        without.delete(number);
        const { ok, problems } = verify(without);
        expect(ok).toBe(false);
        expect(problems).toContainEqual({ file: auditFileName(number), line: null, what: "missing" });
        const other = [...log.keys()].filter((each) => each !== number)[pick % (log.size - 1)] ?? newest;
        expect(verify(put(put(log, number, log.get(other) ?? bytes), other, bytes)).ok).toBe(false);
      }),
    );
  });

  test("finds a cut end within a block; between blocks only with an expected seal", () => {
    fc.assert(
      fc.property(places, ({ log, seals, at }) => {
        const newest = Math.max(...log.keys());
        const bytes = log.get(newest) ?? Buffer.alloc(0);
        const cut = put(log, newest, bytes.subarray(0, at % bytes.length));
        expect(verify(cut, seals.at(-1)).ok).toBe(false);
        cut.delete(newest);
        if (cut.size > 0) expect(verify(cut, seals.at(-1)).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("finds a chain that starts again in the middle", () => {
    const { log } = makeLog([[["a"]], [["b"]]]);
    const other = makeLog([[["c"]], [["d"]], [["e"]]]).log;
    const { problems } = verify(put(log, 3, other.get(3) ?? Buffer.alloc(0)));
    expect(problems).toEqual([
      { file: auditFileName(3), line: 1, what: `does not follow the last seal of ${auditFileName(2)}` },
    ]);
  });

  test("finds a gap among files that are no longer kept", () => {
    const files = [[["a"]], [["b"]], [["c"]], [["d"]], [["e"]]];
    const all = makeLog(files, 99).log;
    const { log } = makeLog(files, 2);
    expect([...log.keys()]).toEqual([4, 5]);
    expect(verify(put(put(log, 1, all.get(1) ?? Buffer.alloc(0)), 3, all.get(3) ?? Buffer.alloc(0))).ok).toBe(
      false,
    );
  });

  test("reports the place", () => {
    const { log } = makeLog([[["a"], ["b", "c"], ["d"]]]);
    const text = String(log.get(1)).replace('"x":"c"', '"x":"C"');
    expect(verify(put(log, 1, Buffer.from(text)))).toMatchObject({
      records: 4,
      problems: [
        {
          file: auditFileName(1),
          line: 7,
          what: "lines 5–6 and what came before do not match this seal: changed, removed or moved",
        },
      ],
    });
  });
});
