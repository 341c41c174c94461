import { expect, test } from "vitest";
import type { UpEvent } from "../../app/up/index.ts";
import { createStyle } from "../output/style.ts";
import { renderEvent } from "./render-event.ts";

test.each<[UpEvent, RegExp]>([
  [{ kind: "step", id: "prove", title: "prove it from here" }, /^ {2}prove it from here$/],
  [{ kind: "notice", id: "context-refreshed", name: "work" }, /work/],
  [{ kind: "notice", id: "untried", text: "nobody has tried it" }, /^warning: nobody has tried it$/],
  [
    { kind: "notice", id: "line-damaged", name: "old" },
    /^warning: the line old cannot be read: .* \(tetherdock status old\)$/,
  ],
  [
    { kind: "notice", id: "by-hand", names: ["ci (CI jobs)", "eva"] },
    /^warning: these clients cannot fetch the new CA .* before --finish-new-ca: ci \(CI jobs\), eva$/,
  ],
  [
    { kind: "notice", id: "left-behind", names: ["bob", "eva"] },
    /^warning: .* have not said that they have the new CA; without it, they are cut off: bob, eva$/,
  ],
  [{ kind: "notice", id: "left-behind", names: null }, /cut off: the gateway does not say which$/],
  [{ kind: "notice", id: "waits", by: "ben\u001b[2J\n" }, /^another change by .*ben/],
  [{ kind: "notice", id: "puts-back", by: null }, /^an earlier change /],
])("%o is one line", (event, expected) => {
  const line = renderEvent(event, createStyle(false));
  expect(line).toMatch(expected);
  expect(
    [...line].every((letter) => letter >= " "),
    line,
  ).toBe(true);
});
