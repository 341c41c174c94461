import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

test.each(["1s", "90s", "5m", "25h", "30d"])("%s is read and written", (text) => {
  expect(formatDuration(parseDuration(text))).toBe(text);
});
