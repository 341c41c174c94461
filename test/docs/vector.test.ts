/** The Vector configuration of docs/fleet.md, as far as it can be tested without Vector. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createRecordFormat } from "../../src/audit/index.ts";
import { blocksOf } from "./console-blocks.ts";

interface Component {
  readonly type: string;
  readonly inputs?: readonly string[];
  readonly condition?: string;
  readonly source?: string;
}
type Components = Readonly<Record<string, Component>>;

const page = await readFile(new URL("../../docs/fleet.md", import.meta.url), "utf8");
const block = blocksOf(page).find(({ lines }) => lines[0] === "sources:");
const config: Readonly<Record<string, Components>> = parse(block?.lines.join("\n") ?? "");
const { sources = {}, transforms = {}, sinks = {} } = config;

test("each input is there, and everything but sinks is used", () => {
  const inputs = Object.values({ ...transforms, ...sinks }).flatMap((one) => one.inputs ?? expect.fail());
  expect(new Set(inputs)).toEqual(new Set(Object.keys({ ...sources, ...transforms })));
  expect(Object.values(sinks).map(({ type }) => type)).toEqual(["loki", "opentelemetry", "socket"]);
});

test("what it asks of lines and paths holds for ours", () => {
  const format = createRecordFormat(1_000);
  const event = { time: 1, event: "request", client: "eva", fingerprint: null, connection: "c" } as const;
  const more = { request: 1, address: "", operation: null, method: "GET", target: "/", rule: "" } as const;
  const record = format({
    ...event,
    ...more,
    decision: "allow",
    status: 200,
    bytesIn: 0,
    bytesOut: 0,
    durationMs: 0,
  });
  const [, start = "none"] =
    /starts_with\(string!\(\.message\), ("(?:[^"\\]|\\.)*")\)/.exec(transforms["records"]?.condition ?? "") ??
    [];
  expect(record.startsWith(JSON.parse(start))).toBe(true);
  const pattern = /r'(.*)'/.exec(transforms["named"]?.source ?? "")?.[1]?.replace("?P<", "?<") ?? "none";
  const path = "/home/anna/.config/tetherdock/fleets/acme/audit/web.example/audit-00000001.jsonl";
  expect(new RegExp(pattern).exec(path)?.groups).toEqual({ host: "web.example" });
});
