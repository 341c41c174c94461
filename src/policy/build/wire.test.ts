import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { untouchedEngine } from "../../../test/support/policy/ask-role.ts";
import { judgeGrpc } from "./calls.ts";
import { CONTROL_SOLVE } from "./messages.ts";
import { write } from "./wire.ts";

describe("messages that two readers could read differently are refused", () => {
  const raw = (add: (writer: BinaryWriter) => void): Uint8Array => {
    const writer = new BinaryWriter().raw(
      write({ Ref: "ref", Frontend: "dockerfile.v0", Cache: {} }, CONTROL_SOLVE),
    );
    add(writer);
    return writer.finish();
  };
  const entry = (writer: BinaryWriter, key: string, value: string) =>
    writer.tag(7, WireType.LengthDelimited).fork().tag(1, 2).string(key).tag(2, 2).string(value).join();

  test.each([
    [
      "a field twice",
      raw((writer) => writer.tag(6, WireType.LengthDelimited).string("gateway.v0")),
      "Frontend appears twice",
    ],
    [
      "a message twice",
      raw((writer) => writer.tag(8, WireType.LengthDelimited).string("")),
      "Cache appears twice",
    ],
    [
      "a key of a map twice",
      raw((writer) => entry(entry(writer, "target", "a"), "target", "b")),
      "target appears twice",
    ],
    ["an unknown field", raw((writer) => writer.tag(99, WireType.Varint).int32(1)), "unknown field 99"],
    [
      "an unknown field in a message",
      raw((writer) => writer.tag(13, WireType.LengthDelimited).fork().tag(9, 2).string("x").join()),
      "Exporters has the unknown field 9",
    ],
    [
      "another type",
      raw((writer) => writer.tag(9, WireType.Varint).int32(1)),
      "Entitlements has another type",
    ],
    [
      "text that is not UTF-8",
      raw((writer) => writer.tag(9, WireType.LengthDelimited).bytes(Uint8Array.of(0xff))),
      "not protobuf",
    ],
    [
      "a field that is cut off",
      raw((writer) => writer.tag(9, WireType.LengthDelimited).uint32(50)),
      "not protobuf",
    ],
    [
      "a group",
      raw((writer) => writer.tag(9, WireType.StartGroup).tag(9, WireType.EndGroup)),
      "another type",
    ],
    [
      "very many fields",
      raw((writer) => {
        for (let n = 0; n < 9000; n++) writer.tag(9, 2).string("");
      }),
      "too many fields",
    ],
  ])("%s", async (_what, message, why) => {
    const call = { method: "moby.buildkit.v1.Control/Solve", message, buildId: null };
    expect(await judgeGrpc(call, "me", untouchedEngine, () => true)).toMatchObject({
      check: "message",
      refuse: expect.stringContaining(why),
    });
  });
});
