/** Builds by the classic builder, without an engine: what the engine gets, and what is refused. */

import { randomBytes } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { askRole } from "../../../test/support/policy/ask-role.ts";
import { emptyEngine, ME, OTHER } from "../../../test/support/policy/engine.ts";
import { tar } from "../../base/index.ts";
import { BUILDER_LABEL, compileRole, defaultRole, type EngineLookup, OWNER_LABEL } from "../index.ts";
import { type Entry, readArchive } from "./archive.ts";

const TINY = `sha256:${"1".repeat(64)}`;
const image = (id: string, owner = "", hasTriggers = false) => ({
  ...{ id, hasTriggers, labels: owner === "" ? {} : { [BUILDER_LABEL]: owner }, platform: "linux/arm64/v8" },
});
const IMAGES: Readonly<Record<string, ReturnType<typeof image>>> = {
  ...{ tiny: image(TINY), "reg.test:5000/tiny:1": image(TINY), mine: image(TINY, ME) },
  ...{ theirs: image(TINY, OTHER), onbuild: image(TINY, "", true) },
};
const engine: EngineLookup = {
  ...emptyEngine,
  findImage: async (ref) => IMAGES[ref] ?? null,
  inspectImage: async (ref) => IMAGES[ref.replace(/:latest$/, "")]?.labels ?? null,
};
const { ask } = askRole(compileRole(defaultRole("builder")), engine);
const LABELS = { [BUILDER_LABEL]: ME, [OWNER_LABEL]: "" };
const LABEL = `LABEL ${BUILDER_LABEL}=${ME} ${OWNER_LABEL}=\n`;

const archiveOf = (files: Files): Buffer =>
  tar.writeArchive(
    Object.entries(files).map(([path, text]) => ({
      ...{ path, type: "file", mode: 0o644, time: 0, target: "" },
      data: Buffer.isBuffer(text) ? text : Buffer.from(text),
    })),
  );

type Files = Readonly<Record<string, string | Buffer>>;
const build = (query: string, files: Files | Buffer) =>
  ask(`POST /v1.41/build${query}`, Buffer.isBuffer(files) ? files : archiveOf(files), {
    contentType: ["application/x-tar"],
  });

async function sent(query: string, files: Files | Buffer) {
  const verdict = await build(query, files);
  if (!verdict.allow) return expect.fail(verdict.reason);
  const entries = readArchive(verdict.body);
  const text = (path: string) => entries.get(path)?.data.toString();
  return { entries, text, parameters: new URLSearchParams(verdict.target?.split("?")[1]) };
}
async function why(query: string, files: Files | Buffer): Promise<string> {
  const verdict = await build(query, files);
  return verdict.allow ? "allowed" : verdict.reason;
}
/** @returns what the engine builds from */
const built = async (Dockerfile: string, query = "") =>
  (await sent(query, { Dockerfile })).text("Dockerfile");

describe("the Dockerfile", () => {
  test.each([
    ["FROM tiny", `FROM ${TINY}\n${LABEL}`],
    ["\ufefffrom tiny\r\nrun a\r\n", `FROM ${TINY}\n${LABEL}RUN a\n`],
    [
      "# syntax=evil\n# escape=\\\nFROM tiny\n\n# x\nRUN a \\\n# y\n\n  b\n",
      `FROM ${TINY}\n${LABEL}RUN a   b\n`,
    ],
    ["FROM reg.test:5000/tiny:1 AS One\nFROM one", `FROM ${TINY} AS one\n${LABEL}FROM one\n${LABEL}`],
    ["ARG V=1\nARG R\nFROM $R/tiny:$V", `ARG V=1\nARG R\nFROM ${TINY}\n${LABEL}`],
    ["FROM scratch\nADD a b/* /", `FROM scratch\n${LABEL}ADD a b/* /\n`],
    ["FROM tiny\nADD --chown=1:2 a ./b/ /c", `FROM ${TINY}\n${LABEL}ADD --chown=1:2 a ./b/ /c\n`],
    [
      "FROM tiny\nONBUILD ADD a b\nONBUILD RUN x $Y",
      `FROM ${TINY}\n${LABEL}ONBUILD ADD a b\nONBUILD RUN x $Y\n`,
    ],
    [
      'FROM tiny\nRUN ["a", "\\"b"]\nENV A=http://x',
      `FROM ${TINY}\n${LABEL}RUN ["a", "\\"b"]\nENV A=http://x\n`,
    ],
  ])("%j", async (text, expected) => {
    const query = `?buildargs=${encodeURIComponent('{"R":"reg.test:5000","N":null,"n":"x"}')}`;
    expect(await built(text, query)).toBe(expected);
  });

  test.each([
    ["FROM tiny\nADD http://127.0.0.1/x /", "ADD takes only plain paths"],
    ["FROM tiny\nadd HTTP://x /", "ADD takes only plain paths"],
    ["FROM tiny\nADD ht\\\ntp://x /", "ADD takes only plain paths"],
    ['FROM tiny\nADD "ht"tp://x /', "ADD takes only plain paths"],
    ["FROM tiny\nADD $U /", "ADD takes only plain paths"],
    ['FROM tiny\nADD ["http://x", "/"]', "ADD takes only plain paths"],
    ["FROM tiny\nADD git@x:y.git /", "ADD takes only plain paths"],
    ["FROM tiny AS a\nONBUILD ADD http://x /\nFROM a", "ADD takes only plain paths"],
    ["FROM tiny\nONBUILD aDd\thttp://x /", "ADD takes only plain paths"],
    ["FROM onbuild", "has ONBUILD instructions"],
    ["FROM gone", 'run "docker pull gone" before the build'],
    ["FROM $X", "the image's name cannot be read"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's own
    ["FROM ${X:-tiny}", "the image's name cannot be read"],
    ["FROM --platform=linux/arm64 tiny", "only FROM IMAGE"],
    ["FROM tiny AS scratch\nFROM scratch", "may not be called scratch"],
    ["# escape=`\nFROM tiny\nRUN a `\nADD http://x /", "another escape character"],
    ["FROM tiny\nRUN cat <<END\nEND", "here-documents"],
    ["FROM tiny\nCOPY <<a /b\nADD http://x /\na", "here-documents"],
    ["FROM tiny\nRUN a \\\\\nADD http://x /", "ends in two backslashes"],
    ["FROM tiny\nRUN a \\ \\", "it ends in a backslash"],
    // the engine would not see the stage, and take its name for that of an image
    ["FROM tiny\nRUN a \\\u00a0\nFROM tiny AS onbuild\nFROM onbuild", "it ends in a backslash"],
    ["FROM tiny\nRUN a \\ \ufeff\u3000\nFROM tiny", "it ends in a backslash"],
    ["FROM tiny\n\u00a0ADD http://x /", "not an instruction"],
    ["FROM tiny\nADD\u00a0http://x /", "not an instruction"],
    ["FROM tiny\nADD\vhttp://x /", "control character"],
    ["FROM tiny\nRUN a\rADD http://x /", "control character"],
    ["FROM tiny\nINCLUDE x", "not an instruction"],
    [`FROM tiny\nRUN ${"a".repeat(65_536)}`, "more than 64 KiB"],
    [`FROM tiny${"\nRUN a".repeat(1000)}`, "too many instructions"],
    [Buffer.from("46524f4d2074696e790a52554e20ff", "hex"), "not UTF-8"],
  ])("%j is refused", async (Dockerfile, reason) => {
    expect(await why("", { Dockerfile })).toContain(reason);
  });

  test("an image is judged for one platform, and built on for no other", async () => {
    const Dockerfile = "FROM tiny";
    expect(await why("?platform=linux/arm64/v8", { Dockerfile })).toBe("allowed");
    expect(await why("?platform=", { Dockerfile })).toBe("allowed");
    for (const platform of ["linux/arm64", "linux/amd64", "Linux/arm64/v8", "arm64"])
      expect(await why(`?platform=${platform}`, { Dockerfile })).toContain(
        "the engine shows tiny for linux/arm64/v8, and only that is judged",
      );
    expect(await why("?platform=linux/riscv64", { Dockerfile: "FROM scratch" })).toBe("allowed");
  });

  test("a build begins with 16 images at most", async () => {
    const many = { ...engine, findImage: async () => image(TINY) };
    const text = Array.from({ length: 17 }, (_, n) => `FROM x${n}`).join("\n");
    const verdict = await ask("POST /build", archiveOf({ Dockerfile: text }), { engine: many });
    expect(verdict).toMatchObject({ reason: expect.stringContaining("too many images") });
  });

  test("long lines of spaces, backslashes and carriage returns take no longer than others", async () => {
    for (const text of [" ".repeat(60_000), "\\ ".repeat(30_000), "\r".repeat(60_000)]) {
      const start = performance.now();
      await why("", { Dockerfile: `FROM tiny\nRUN a${text}b\nADD a${text}b` });
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});

describe("parameters", () => {
  const cli =
    "?buildargs=%7B%7D&cachefrom=%5B%5D&cgroupparent=&cpuperiod=0&cpuquota=0&cpusetcpus=&cpusetmems=&cpushares=0" +
    "&dockerfile=Dockerfile&labels=%7B%22a%22%3A%22b%22%7D&memory=0&memswap=0&networkmode=default&rm=1&shmsize=0" +
    "&t=new&t=mine&target=&ulimits=null&version=1";

  test("of the docker CLI are passed on, with the label of who built it", async () => {
    const { parameters } = await sent(cli, { Dockerfile: "FROM tiny" });
    expect(parameters.getAll("t")).toEqual(["new", "mine"]);
    expect(JSON.parse(parameters.get("labels") ?? "")).toEqual({ a: "b", ...LABELS });
    expect(Object.fromEntries(parameters)).toMatchObject({
      ...{ networkmode: "default", rm: "1", version: "1", dockerfile: "Dockerfile" },
    });
    expect(parameters.has("nocache")).toBe(false);
  });

  test("limits of the steps are written anew", async () => {
    const query = "?ulimits=[{%22name%22:%22nofile%22,%22SOFT%22:1}]";
    const { parameters } = await sent(query, { Dockerfile: "FROM tiny" });
    expect(parameters.get("ulimits")).toBe('[{"Name":"nofile","Soft":1}]');
  });

  test("a build from scratch does not use the cache", async () => {
    const { parameters } = await sent("?nocache=0", { Dockerfile: "FROM scratch" });
    expect(parameters.getAll("nocache")).toEqual(["1"]);
  });

  test.each([
    ["networkmode=host", "hostNamespaces"],
    [`cpusetcpus=${"0-8191,".repeat(200)}`, "cpuset"],
    [`cpusetmems=${"0-8191,".repeat(200)}`, "cpuset"],
    ["networkmode=container:x", "hostNamespaces"],
    ["networkmode=others", "hostNamespaces"],
    ["cgroupparent=system.slice", "cgroupParent"],
    ["remote=http://127.0.0.1/", "source"],
    ["remote=client-session", "source"],
    ["securityopt=seccomp=unconfined", "seccomp"],
    ["cachefrom=[%22tiny%22]", "cache"],
    ["squash=1", "query"],
    ["pull=1", "query"],
    ["version=2", "query"],
    ["outputs=[{}]", "output"],
    ["session=x", "session"],
    ["isolation=hyperv", "query"],
    ["ulimits=[{%22Name%22:%22memlock%22}]", "ulimits"],
    ["ulimits=[{%22name%22:%22memlock%22}]", "ulimits"],
    ["networkmode=default&networkmode=host", "query"],
    ["networkMode=host", "query"],
    ["x=1", "query"],
    ["t=a;networkmode=host", "query"],
    ["t=%ff", "query"],
    ["t=%", "query"],
    ["t=%EF%BF%BD", "query"],
    ["?target=x", "query"],
    ["t=theirs", "imageName"],
    ["t=new&t=theirs", "imageName"],
    ["t=a,theirs", "imageName"],
    [`t=${"a".repeat(12)}`, "imageName"],
    ["labels={%22io.tetherdock.builder%22:%22x%22}", "labels"],
    ["labels={%22IO.Tetherdock.Owner%22:%22x%22}", "labels"],
    ["labels=[]", "json"],
    ["buildargs={%22a%22:1}", "json"],
    ["dockerfile=../x", "dockerfile"],
    ["dockerfile=link", "dockerfile"],
  ])("%s is refused", async (query, check) => {
    const refused = await why(`?${query}`, { Dockerfile: "FROM tiny" });
    expect(refused).toMatch(new RegExp(`\\(check ${check}\\)$`));
    expect(refused.split("(check ")).toHaveLength(2);
  });
});

describe("the archive", () => {
  const file = (path: string, more: Partial<Entry> = {}): Entry => ({
    ...{ path, type: "file", mode: 0o644, time: 0, target: "", data: Buffer.from("FROM tiny\n") },
    ...more,
  });
  const NOTHING = { data: Buffer.alloc(0) };
  const linkTo = (path: string, target: string): Entry => file(path, { type: "symlink", target, ...NOTHING });
  const archive = (...entries: Entry[]): Buffer => tar.writeArchive(entries);

  test("files, folders and links arrive as they were, with long names and those of other alphabets", async () => {
    const long = `${"d".repeat(90)}/${"é".repeat(60)}`;
    const all = [
      file("Dockerfile", { mode: 0o755, time: 1_700_000_000 }),
      file("d".repeat(90), { type: "folder", ...NOTHING }),
      file(long, { data: Buffer.from([0, 255]) }),
      linkTo("link", `../${"x".repeat(120)}`),
      file("hard", { type: "hard link", target: "Dockerfile", ...NOTHING }),
    ];
    const { entries } = await sent("", archive(...all));
    expect([...entries.values()].slice(1)).toEqual(all.slice(1));
    expect(entries.get("Dockerfile")).toMatchObject({ mode: 0o755, time: 1_700_000_000 });
  });

  test.each<[string, Buffer | Files]>([
    ["no Dockerfile", { x: "" }],
    ["a link for the Dockerfile", archive(file("x"), linkTo("Dockerfile", "x"))],
    ["a link for .dockerignore", archive(file("Dockerfile"), linkTo(".dockerignore", "/etc/shadow"))],
    ["two Dockerfiles", archive(file("Dockerfile"), file("Dockerfile"))],
    ["a Dockerfile through a link", archive(file("Dockerfile"), linkTo("x", "."), file("x/Dockerfile"))],
    [
      "a Dockerfile through a link that follows",
      archive(file("Dockerfile"), file("x/Dockerfile"), linkTo("x", ".")),
    ],
    ["a path with ..", archive(file("Dockerfile"), file("a/../Dockerfile"))],
    ["an absolute path", archive(file("Dockerfile"), file("/etc/x"))],
    ["a path that is too long", archive(file("Dockerfile"), file("a".repeat(1025)))],
    ["a path that is too deep", archive(file("Dockerfile"), file(`${"a/".repeat(65)}b`))],
    [
      "a hard link out of it",
      archive(file("Dockerfile"), file("h", { type: "hard link", target: "../x", ...NOTHING })),
    ],
    [
      "a hard link to nothing",
      archive(file("Dockerfile"), file("h", { type: "hard link", target: "x", ...NOTHING })),
    ],
    ["damaged gzip", Buffer.from("1f8b0800", "hex")],
    ["gzip in gzip", gzipSync(gzipSync(archive(file("Dockerfile"))))],
    ["a path with .., compressed", gzipSync(archive(file("Dockerfile"), file("a/../x")))],
    ["another compression", zstdCompressSync(archive(file("Dockerfile")))],
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("FROM tiny")],
    ["a cut archive", archive(file("Dockerfile")).subarray(0, 515)],
  ])("%s is refused", async (_what, files) => {
    expect(await why("", files)).toMatch(/\(check (?:context|dockerfile)\)$/);
  });

  test("compressed by gzip, as compose sends it, arrives uncompressed", async () => {
    const all = [file("Dockerfile"), file("x", { data: randomBytes(500_000) })];
    const { entries } = await sent("", gzipSync(archive(...all)));
    expect([...entries.values()].slice(1)).toEqual(all.slice(1));
    expect(entries.get("Dockerfile")?.data.toString()).toContain(`FROM ${TINY}`);
  });

  test.each([..."346SDMV"])("an entry of type %s is refused", async (type) => {
    const bytes = archive(file("Dockerfile"), file("x", NOTHING));
    const at = bytes.length - 2 * 512 - 512;
    bytes.write(type, at + 156, "latin1");
    const sum = bytes
      .subarray(at, at + 512)
      .reduce((all, byte, n) => all + (n >= 148 && n < 156 ? 32 : byte), 0);
    bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
    expect(await why("", bytes)).toContain("only files, folders and links are allowed");
  });

  test("a header with a wrong sum is refused", async () => {
    const bytes = archive(file("Dockerfile"), file("x"));
    bytes.write("y", 1024, "latin1");
    expect(await why("", bytes)).toContain("damaged");
  });
});
