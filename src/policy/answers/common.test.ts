import { expect, test } from "vitest";
import { config } from "./common.ts";

test.each([
  [
    { "80/tcp": {}, "81/tcp": { a: "secret" } },
    { "80/tcp": {}, "81/tcp": {} },
  ],
  [{}, {}],
  [null, null],
  ["secret", null],
  [["secret"], null],
  [7, null],
])("of a set of names, only the names are shown: %j becomes %j", (ExposedPorts, shown) => {
  expect(config.show({ ExposedPorts, Volumes: ExposedPorts })).toEqual({
    ExposedPorts: shown,
    Volumes: shown,
  });
});
