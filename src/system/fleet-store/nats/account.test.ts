/** What a server answers to the account's token. */
import { expect, test } from "vitest";
import { requireTaken } from "./account.ts";

test("an answer that confirms the token is taken", () => {
  requireTaken('{"data":{"account":"A","code":200,"message":"jwt updated"},"server":{"name":"N"}}');
});

test.each([
  ["", "its answer cannot be read"],
  ["[]", "its answer cannot be read"],
  ["{}", "it does not confirm the account of the fleet's hosts"],
  ['{"data":{"code":500}}', "it does not confirm the account of the fleet's hosts"],
  [
    '{"data":{"code":200},"error":{"code":500,"description":"disk full"}}',
    "refuses the account of the fleet's hosts: disk full",
  ],
])("%j is a failure", (answer, why) => {
  expect(() => requireTaken(answer)).toThrow(why);
});
