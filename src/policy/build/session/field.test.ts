import { expect, test } from "vitest";
import { STATUS } from "../messages.ts";
import { write } from "../wire.ts";
import { refuseField } from "./field.ts";

const FIELD = "grpc-status-details-bin";
const STACK = "github.com/moby/buildkit/stack.Stack+json";
const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
const status = (...details: readonly { type_url: string; value: Uint8Array }[]): string =>
  encoded(write({ code: 5n, message: "no such secret", details }, STATUS));
const detail = (json: string, type_url = STACK) => ({ type_url, value: Buffer.from(json) });

const WHOLE = status(detail('{"frames":[{"Name":"a","File":"b","Line":3}],"cmdline":["docker"],"pid":7}'));

test.each([
  ["other fields", "grpc-message", '{"frames":[null]}'],
  ["no details", FIELD, status()],
  ["the stack of an error", FIELD, WHOLE],
  ["the same with padding", FIELD, `${WHOLE}${"=".repeat(-WHOLE.length & 3)}`],
])("%s pass", (_what, name, value) => {
  expect(refuseField(name, value)).toBeNull();
});

const NULL = detail('{"frames":[null]}');

test.each([
  ["a null, which ends dockerd", FIELD, status(NULL)],
  ["a null behind what is whole", FIELD, status(detail("{}"), NULL)],
  ["a name in other letters", "Grpc-Status-Details-Bin", status(NULL)],
  ["another encoding of base64", FIELD, WHOLE.replace(/.$/, "_")],
  ["a line break in base64", FIELD, `${WHOLE.slice(0, 8)}\n${WHOLE.slice(8)}`],
  ["two values", FIELD, `${WHOLE},${WHOLE}`],
  ["an unknown field", FIELD, encoded(Buffer.from([8, 5, 0x20, 1]))],
  ["what is not JSON", FIELD, status(detail("{}", "github.com/moby/buildkit/stack.Stack"))],
])("%s is refused", (_what, name, value) => {
  expect(refuseField(name, value)).toMatch("details of an error");
});
