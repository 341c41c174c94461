import { describe, expect, test } from "vitest";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { assertOurs, assertReplaceable } from "../replaceable.ts";
import { contextDirectory } from "./context-directory.ts";
import { parseContextName } from "./context-name.ts";
import { readCurrentContext, withCurrentContext } from "./docker-config.ts";
import {
  formatContextMeta,
  isStaleContext,
  lineHost,
  parseContextMeta,
  usesAgent,
} from "./docker-context.ts";

const line = sampleLine({ address: "2001:db8::7", target: null, addresses: ["2001:db8::7"] });
const files = { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" };
const stored = (lineId: string | undefined) => ({
  meta: { name: "vps", lineId, host: undefined },
  files: {},
});

describe("a context's meta.json", () => {
  const text = formatContextMeta("vps", line);
  const meta = parseContextMeta(text);

  test("is read back, with its mark", () => {
    expect(meta).toEqual({ name: "vps", lineId: line.id, host: "tcp://[2001:db8::7]:2376" });
  });

  test("is stale once a file or the address differs", () => {
    if (!meta) throw new Error("unreadable");
    const now = { host: lineHost(line), files };
    expect(isStaleContext(meta, files, now)).toBe(false);
    expect(isStaleContext(meta, { ...files, "key.pem": "old" }, now)).toBe(true);
    expect(isStaleContext(meta, { "ca.pem": "ca", "cert.pem": "cert" }, now)).toBe(true);
    expect(isStaleContext(meta, files, { ...now, host: "tcp://[2001:db8::7]:2377" })).toBe(true);
  });

  test("of an agent has the socket, and is stale as long as a file is there", () => {
    const host = "unix:///home/anna/.config/tetherdock/agent/vps.sock";
    const ofAgent = parseContextMeta(formatContextMeta("vps", line, host));
    if (!ofAgent) throw new Error("unreadable");
    expect([usesAgent(ofAgent), meta && usesAgent(meta)]).toEqual([true, false]);
    expect(isStaleContext(ofAgent, {}, { host, files: null })).toBe(false);
    expect(isStaleContext(ofAgent, { "key.pem": "key" }, { host, files: null })).toBe(true);
    expect(isStaleContext(ofAgent, {}, { host: "unix:///moved.sock", files: null })).toBe(true);
  });

  test.each(["{", "null", "{}", '{"Name": 1}'])("%s is not a context", (other) => {
    expect(parseContextMeta(other)).toBeUndefined();
  });

  test("without our mark it belongs to somebody else", () => {
    expect(parseContextMeta('{"Name":"x","Metadata":{},"Endpoints":{}}')).toEqual({
      name: "x",
      lineId: undefined,
      host: undefined,
    });
  });
});

test("the folder name is the docker CLI's", () => {
  // What docker CLI 28.2 made for `docker context create v1`.
  expect(contextDirectory("v1")).toBe("3bfc269594ef649228e9a74bab00f042efc91d5acc6fbee31a382e80d42388fe");
});

test.each(["vps", "v1", "a.b_c+d-e"])("context name %s", (name) => expect(parseContextName(name)).toBe(name));

test.each(["", "v", "default", "-x", "a b", "a/b"])("refuses the context name %j", (name) => {
  expect(() => parseContextName(name)).toThrow(expect.objectContaining({ code: "CONTEXT_NAME_INVALID" }));
});

test("only our own contexts may be replaced", () => {
  const other = { ...line, id: "f".repeat(16), name: "other" };
  expect(() => assertReplaceable(undefined, line, [line])).not.toThrow();
  expect(() => assertReplaceable(stored(line.id), line, [line, other])).not.toThrow();
  expect(() => assertReplaceable(stored("0".repeat(16)), line, [line, other])).not.toThrow();
  expect(() => assertReplaceable(stored(other.id), line, [line, other])).toThrow(
    expect.objectContaining({ code: "CONTEXT_TAKEN", message: expect.stringContaining('"other"') }),
  );
  expect(() => assertReplaceable(stored(undefined), line, [line])).toThrow(
    expect.objectContaining({ code: "CONTEXT_FOREIGN" }),
  );
  expect(() => assertOurs(stored(undefined))).toThrow(expect.objectContaining({ code: "CONTEXT_FOREIGN" }));
});

describe("config.json", () => {
  test("only currentContext changes", () => {
    const text = '{"auths":{"r":{}},"currentContext":"a","x":1}';
    expect(withCurrentContext(text, "f", "b")).toBe(
      '{\n\t"auths": {\n\t\t"r": {}\n\t},\n\t"currentContext": "b",\n\t"x": 1\n}',
    );
    expect(JSON.parse(withCurrentContext(text, "f", undefined))).toEqual({ auths: { r: {} }, x: 1 });
    expect(readCurrentContext(text, "f")).toBe("a");
    expect(readCurrentContext("", "f")).toBeUndefined();
  });

  test.each(["{", "[]", "1"])("%s is reported, not overwritten", (text) => {
    expect(() => withCurrentContext(text, "/d/config.json", "b")).toThrow(
      expect.objectContaining({ code: "DOCKER_CONFIG_BROKEN", hints: ["fix /d/config.json"] }),
    );
  });
});
