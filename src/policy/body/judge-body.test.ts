/** What was meant, however it is spelled, is what the engine gets; and what the engine gets is judged the same again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeBody, refuseByFields } from "./judge-body.ts";
import { bodies } from "./model/index.ts";

const mark = bodies.ContainerCreate;

const text = fc.string({ maxLength: 12, unit: "grapheme" });
const texts = fc.array(text, { maxLength: 3 });
const count = fc.integer();
const names = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), text, { maxKeys: 3, noNullPrototype: true });
/** Bodies that pass: each key as it is called, with its value. */
const bodyOf = fc.record(
  {
    ...{
      Image: text,
      Hostname: text,
      User: text,
      Env: texts,
      Cmd: fc.oneof(text, texts),
      Labels: names,
      Tty: fc.boolean(),
    },
    Healthcheck: fc.record({ Test: texts, Interval: count }, { requiredKeys: [], noNullPrototype: true }),
    HostConfig: fc.record(
      {
        ...{ Memory: count, ShmSize: count, AutoRemove: fc.boolean(), CapDrop: texts, ExtraHosts: texts },
        CapAdd: fc.subarray(["CHOWN", "cap_kill", "NET_RAW"]),
        Sysctls: fc.constantFrom({}, { "net.ipv4.tcp_syncookies": "1" }),
        Mounts: fc.array(fc.constant({ Type: "volume", Target: "/data", VolumeOptions: { NoCopy: true } }), {
          maxLength: 2,
        }),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** @see Marsaglia, Xorshift RNGs */
function coinOf(seed: number): () => boolean {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state & 64) === 0;
  };
}

/** Of maps that the client fills, names are what they are. */
const MAPS = new Set(["Labels", "Sysctls"]);
const spelled = (key: string, coin: () => boolean): string =>
  [...key]
    .map((letter) => {
      if (!coin()) return letter;
      if (letter === "s") return "ſ";
      if (letter === "k") return "\u212a";
      return coin() ? letter.toUpperCase() : letter.toLowerCase();
    })
    .join("");

/** The same JSON with keys, strings and space written in another way. */
function respelled(value: unknown, coin: () => boolean, isMap = false): string {
  const space = () => (coin() ? " \n\t\r".slice(0, coin() ? 1 : 4) : "");
  if (Array.isArray(value))
    return `[${value.map((one) => space() + respelled(one, coin)).join(",")}${space()}]`;
  if (typeof value === "string" && coin())
    return `"${[...value].map((sign) => [...sign.split("")].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")).join("")}"`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => {
    const name = isMap ? key : spelled(key, coin);
    return `${space()}${JSON.stringify(name)}${space()}:${space()}${respelled(inner, coin, MAPS.has(key))}`;
  });
  return `{${pairs.join(",")}${space()}}`;
}

test("whatever the spelling of a body, the engine gets canonical names and the same values, and judging again changes nothing", () => {
  fc.assert(
    fc.property(bodyOf, fc.nat(), (body, seed) => {
      const written = respelled(body, coinOf(seed));
      const judged = judgeBody(Buffer.from(written), mark);
      if (!Buffer.isBuffer(judged)) throw new Error(`${written}: ${judged.refuse}`);
      expect(JSON.parse(judged.toString())).toEqual(body);
      expect(judgeBody(judged, mark)).toEqual(judged);
    }),
    { numRuns: 3_000 },
  );
});

test("a forbidden field is refused in every spelling", () => {
  const bad = fc.constantFrom<object>(
    { Privileged: true },
    { Binds: ["/:/host"] },
    { SecurityOpt: ["seccomp=unconfined"] },
    { Devices: [{ PathOnHost: "/dev/sda" }] },
    { VolumesFrom: ["x"] },
    { MaskedPaths: [] },
    { Links: ["x:y"] },
  );
  fc.assert(
    fc.property(bodyOf, bad, fc.nat(), (body, fields, seed) => {
      const worse = { ...body, HostConfig: { ...body.HostConfig, ...fields } };
      expect(judgeBody(Buffer.from(respelled(worse, coinOf(seed))), mark)).toHaveProperty("refuse");
    }),
    { numRuns: 1_000 },
  );
});

test("any bytes are judged without an error", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.json().map((json) => Buffer.from(json)),
      ),
      (bytes) => {
        const judged = judgeBody(Buffer.from(bytes), mark);
        expect(Buffer.isBuffer(judged) || typeof judged.refuse === "string").toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([[""], ["{"], ["[]"], ["null"], ["1"], ['"a"'], ["{} {}"]])(
  "%j is no object: check json",
  (body) => {
    expect(judgeBody(Buffer.from(body), mark)).toMatchObject({
      check: "json",
      refuse: expect.stringMatching(/^\S.*\(check json\)$/),
    });
  },
);

test("an error of our own is no refusal", () => {
  const broken = { ...mark, read: () => expect.fail("broken") };
  expect(() => judgeBody(Buffer.from("{}"), broken)).toThrow("broken");
});

const JSON_TYPE = "application/json";

test.each([
  ...[[JSON_TYPE], ["Application/JSON"], [`${JSON_TYPE}; charset=utf-8`], [`${JSON_TYPE};charset="UTF-8"`]],
  ...[[`${JSON_TYPE}  ;  charset=utf-8`], [`${JSON_TYPE} ; charset=utf-8`]],
])("the Content-Type %s is JSON", (...contentType) => {
  expect(refuseByFields({ contentType, contentEncoding: [] })).toBeNull();
});

test.each([
  ...[[], [""], ["text/json"], [`x${JSON_TYPE}`], [`${JSON_TYPE}x`], [`${JSON_TYPE}; charset=utf-16`]],
  ...[
    [`${JSON_TYPE}; charset=utf-8; a=b`],
    [JSON_TYPE, JSON_TYPE],
    [JSON_TYPE, ""],
    ["", JSON_TYPE],
    ["text/plain"],
  ],
  ...[[`${JSON_TYPE},text/plain`], [JSON_TYPE, "text/plain"], [`a\n${JSON_TYPE}`], [`${JSON_TYPE}\na`]],
])("the Content-Type %j is refused", (...contentType) => {
  expect(refuseByFields({ contentType, contentEncoding: [] })).toMatchObject({
    check: "contentType",
    refuse: expect.stringContaining("(check contentType)"),
  });
});

test("a Content-Encoding is refused, even identity", () => {
  for (const contentEncoding of [["gzip"], ["identity"], [""]])
    expect(refuseByFields({ contentType: [JSON_TYPE], contentEncoding })).toMatchObject({
      check: "encoding",
      refuse: expect.stringContaining("(check encoding)"),
    });
});
