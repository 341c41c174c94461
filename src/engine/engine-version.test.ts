import { expect, test } from "vitest";
import { parseEngineVersion } from "./engine-version.ts";

const real = { Version: "29.2.1", ApiVersion: "1.53", MinAPIVersion: "1.44", Os: "linux", Arch: "arm64" };

test("reads an engine's answer", () => {
  expect(parseEngineVersion(JSON.stringify({ ...real, Components: [{}] }))).toEqual({
    version: "29.2.1",
    apiVersion: "1.53",
    minApiVersion: "1.44",
    os: "linux",
    arch: "arm64",
  });
  expect(parseEngineVersion('{"Version":"1.10.3","ApiVersion":"1.22"}')).toEqual({
    version: "1.10.3",
    apiVersion: "1.22",
  });
});

test.each([
  "",
  "null",
  "[]",
  "{}",
  '"1.41"',
  '{"Version":"20.10.24","ApiVersion":"1.41"',
  '{"Version":"20.10.24"}',
  '{"Version":1,"ApiVersion":"1.41"}',
  '{"Version":"20.10.24","ApiVersion":"latest"}',
  '{"Version":"\\u001b[2J","ApiVersion":"1.41"}',
])("refuses %j", (body) => {
  expect(parseEngineVersion(body)).toBeUndefined();
});
