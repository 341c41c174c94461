import { expect, test } from "vitest";
import { Foreign } from "../../base/index.ts";
import { cannotSettle } from "./look.ts";

test("an earlier change that the host cannot undo: the error has its last output and the command to undo it by hand", () => {
  expect(cannotSettle(7, new Foreign("1\n2\n\n3\n4\ncp: cannot create regular file\n"))).toMatchObject({
    code: "HOST_UNDO_FAILED",
    why: ["2", "3", "4", '"cp: cannot create regular file"'],
    hints: ["sh /var/lib/tetherdock/0007/undo.sh now   # on the host, as root"],
  });
});
