/** Streams of many hosts, of which most say nothing. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { TetherdockError } from "../../../base/index.ts";
import { asTheyCome } from "./as-they-come.ts";

const never = async function* (): AsyncGenerator<string> {
  await new Promise(() => {});
};
async function* counted(most: number): AsyncGenerator<string> {
  for (let at = 0; at < most; at++) yield `r${at}`;
}

test("records of each host keep their order, and a host that fails ends no other", async () => {
  async function* failing(): AsyncGenerator<string> {
    yield "last";
    throw new TetherdockError("GATEWAY_UNREACHABLE", "it is gone");
  }
  const streams = new Map([
    ["one", counted(100)],
    ["two", failing()],
    ["three", counted(50)],
  ]);
  const [errors, records]: [string[], string[]] = [[], []];
  const all = asTheyCome(streams, (host, { message }) => void errors.push(`${host} ${message}`));
  for await (const { host, record } of all) records.push(`${host} ${record}`);
  const of = (host: string) => records.filter((one) => one.startsWith(`${host} `));
  expect(of("one")).toEqual(Array.from({ length: 100 }, (_, at) => `one r${at}`));
  expect([of("two"), of("three").length, errors]).toEqual([["two last"], 50, ["two it is gone"]]);
});

test("what is no foreseen failure ends all of it", async () => {
  // biome-ignore lint/correctness/useYield: it fails before it has anything
  async function* broken(): AsyncGenerator<string> {
    throw new TypeError("a fault of ours");
  }
  const all = asTheyCome(
    new Map([
      ["one", broken()],
      ["two", never()],
    ]),
    () => {},
  );
  await expect(all.next()).rejects.toThrow("a fault of ours");
});

test("who stops reading ends the hosts' streams", async () => {
  const ended: string[] = [];
  async function* endless(name: string): AsyncGenerator<string> {
    try {
      for (;;) yield name;
    } finally {
      ended.push(name);
    }
  }
  const streams = new Map(["one", "two"].map((name) => [name, endless(name)] as const));
  for await (const _ of asTheyCome(streams, () => {})) break;
  await expect.poll(() => ended.sort()).toEqual(["one", "two"]);
});

test("a host whose records nobody takes is not read on", async () => {
  let made = 0;
  async function* many(): AsyncGenerator<string> {
    for (;;) yield `${++made}`;
  }
  const all = asTheyCome(new Map([["one", many()]]), () => {});
  await all.next();
  await new Promise(setImmediate);
  expect(made).toBe(1);
});

test("100,000 records of one host keep no memory for each of 20 quiet ones", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const quiet = Array.from({ length: 20 }, (_, at) => [`quiet${at}`, never()] as const);
  const all = asTheyCome(new Map([["busy", counted(100_001)], ...quiet]), () => {});
  await all.next();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < 100_000; at++) await all.next();
  collect();
  // A race over all of them kept 190 MiB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * 1024 * 1024);
});
