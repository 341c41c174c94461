/** Which images a limit lets through, asked directly: no role lets a mount of an image this far today. */
import { describe, expect, test } from "vitest";
import { fullName, readImageName } from "../../body/image-name.ts";
import { readJson } from "../../body/json/read-json.ts";
import type { JsonObject } from "../../body/json/value.ts";
import { images } from "./images.ts";

const check = (body: object, over: object = {}) => {
  const setting = { mode: "enforce", allow: ["nginx", "ghcr.io/team/*"], digest: false, ...over } as never;
  const fields = readJson(Buffer.from(JSON.stringify({ Image: "nginx", ...body }))) as JsonObject;
  return images.checks(setting)["ContainerCreate"]?.({ fields, query: new URLSearchParams() } as never);
};
const mounts = (...all: unknown[]) => check({ HostConfig: { Mounts: all } });

describe("images that are mounted", () => {
  test("are judged like the container's own, also behind one that is allowed", () => {
    const good = { Type: "image", Source: "ghcr.io/team/a" };
    expect(mounts(good)).toBeNull();
    expect(mounts(good, { Type: "image", Source: "evil" })).toMatch(
      /^HostConfig\.Mounts\[\]\.Source is "evil": use an image from nginx, ghcr\.io\/team\/\*$/,
    );
    expect(mounts({ Type: "image" })).toMatch(/^HostConfig\.Mounts\[\]\.Source is ""/);
  });

  test("mounts of other types, and bodies without mounts, name no image", () => {
    expect(mounts({ Type: "volume", Source: "evil" }, "evil", null)).toBeNull();
    for (const HostConfig of [
      null,
      "evil",
      {},
      { Mounts: null },
      { Mounts: { Type: "image", Source: "evil" } },
    ])
      expect(check({ HostConfig })).toBeNull();
  });
});

test("a container without an image, or with another type, is refused", () => {
  for (const Image of ["", null, 7, ["nginx"]])
    expect(check({ Image })).toMatch(/^Image is "", which may be an ID/);
});

test("a refusal shows three repositories, and how many more there are", () => {
  const shown = (...allow: string[]) => check({ Image: "evil" }, { allow });
  expect(shown("a", "b", "c")).toMatch(/from a, b, c$/);
  expect(shown("a", "b", "c", "d", "e")).toMatch(/from a, b, c and 2 more$/);
});

test.each([
  ["nginx", "docker.io/library/nginx"],
  ["team/web", "docker.io/team/web"],
  ["docker.io/nginx", "docker.io/library/nginx"],
  ["index.docker.io/team/web", "docker.io/team/web"],
  ["localhost/web", "localhost/web"],
  ["localhost:5000/web", "localhost:5000/web"],
  ["Registry/web", "Registry/web"],
  ["ghcr.io/a/b/c", "ghcr.io/a/b/c"],
  ["ghcr.io", "docker.io/library/ghcr.io"],
])("the full name of %s is %s", (name, full) => {
  expect(fullName(name).join("/")).toBe(full);
});

const DIGEST = `sha256:${"a".repeat(64)}`;

test.each([
  ...[
    "nginx",
    "nginx:1.27-alpine_x",
    `nginx@${DIGEST}`,
    `nginx:1@${DIGEST}`,
    "team/a.b-c__d",
    "[::1]:5000/web",
  ],
  ...["host.example:65535/a", `x:${"a".repeat(128)}`, "abcg", "face:1", "face/a", `${"x/".repeat(255)}yz`],
])("%s is a name", (name) => {
  expect(readImageName(name)).toMatchObject({ hasDigest: name.includes("@") });
});

test.each([
  ...[
    "",
    "face",
    "0123",
    DIGEST,
    "sha256:face",
    "nginx@",
    `nginx@${DIGEST}a`,
    `nginx@x${DIGEST}`,
    "nginx@latest",
  ],
  ...[
    `nginx@${DIGEST}@${DIGEST}`,
    "nginx:",
    "nginx:-a",
    "nginx:a/b",
    `x:${"a".repeat(129)}`,
    "nginx:a b",
    "Nginx",
  ],
  ...[
    "a//b",
    "/a",
    "a/",
    "a/-b",
    "a/b-",

    "ghcr.io/A",
    "host:123456/a",
    "host:/a",
    "a b/c.d",
    "[::g]:1/web",
  ],
  ...["x.y/a\n", "\nx.y/a", `${"x/".repeat(255)}yyz`, "a/../b", "a/./b", "a/b:c:d"],
])("%j is not a name", (name) => {
  expect(readImageName(name)).toBeNull();
});

test.each([
  ["fromImage=nginx", null],
  ["fromImage=evil", 'fromImage is "evil"'],
  ["fromImage=nginx:1&tag=2", null],
  ["fromImage=ghcr.io/team/a:1&tag=x", null],
  ["fromImage=evil:1&tag=2", 'fromImage is "evil:2"'],
  [`fromImage=evil&tag=${DIGEST}`, `fromImage is "evil@${DIGEST}"`],
  [`fromImage=evil@${DIGEST}&tag=2`, 'fromImage is "evil:2"'],
  ["fromImage=localhost:5000/web&tag=2", 'fromImage is "localhost:5000/web:2"'],
  ["tag=2", 'fromImage is ":2"'],
  ["", 'fromImage is ""'],
])("a pull with ?%s: %s", (text, problem) => {
  const setting = { mode: "enforce", allow: ["nginx", "ghcr.io/team/*"], digest: false } as never;
  const query = new URLSearchParams(text);
  const found = images.checks(setting)["ImageCreate"]?.({ fields: new Map(), query } as never);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});
