import { expect, test } from "vitest";
import { connectionsOpen } from "./connections-open.ts";

test("hosts that have not closed all connections are named, with what to run", () => {
  expect(connectionsOpen([{ line: "one", open: 0 }])).toBeNull();
  expect(
    connectionsOpen([
      { line: "one", open: 2 },
      { line: "two", open: 0 },
    ]),
  ).toMatchObject({
    code: "CONNECTIONS_OPEN",
    message: "2 connections that should be closed are still open",
    why: ["one: 2 still open after two seconds"],
    hints: ["tetherdock gateway sessions one   # whether they are closed now"],
  });
});
