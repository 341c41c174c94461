import { describe, expect, test } from "vitest";
import { emptyEngine, ME, OTHER } from "../../../test/support/policy/engine.ts";
import type { EngineLookup } from "../asking.ts";
import { BUILDER_LABEL } from "./attributes.ts";
import { isOptional, judgeGrpc, kindOf } from "./calls.ts";
import { BRIDGE_RETURN, BRIDGE_SOLVE, CONTROL_SOLVE, ONLY_REF, RESOLVE_IMAGE } from "./messages.ts";
import { ownId } from "./own-id.ts";
import { type Message, type Model, read, write } from "./wire.ts";

const CONTROL = "moby.buildkit.v1.Control";
const BRIDGE = "moby.buildkit.v1.frontend.LLBBridge";

/** Images that are there, with who built them. */
const images: Readonly<Record<string, string>> = {
  ...{
    "mine:latest": ME,
    "127.0.0.1:5000/a/b:V1": ME,
    "theirs:latest": OTHER,
    "pulled:latest": "",
    "x.example:5000/theirs:1": OTHER,
  },
};
const engine: EngineLookup = {
  ...emptyEngine,
  inspectImage: async (ref) => (ref in images ? { [BUILDER_LABEL]: images[ref] ?? "" } : null),
};

const solve = (more: Message = {}): Message => ({
  ...{ Ref: "ref", Session: "session", Frontend: "dockerfile.v0", FrontendAttrs: new Map(), Cache: {} },
  ...{ Exporters: [{ Type: "moby", Attrs: new Map([["name", "new"]]) }] },
  ...more,
});
const attributes = (...pairs: [string, string][]): Message => solve({ FrontendAttrs: new Map(pairs) });
const exporter = (Type: string, ...pairs: [string, string][]): Message =>
  solve({ Exporters: [{ Type, Attrs: new Map(pairs) }] });
const ask = (method: string, message: Uint8Array, buildId: string | null = null) =>
  judgeGrpc({ method, message, buildId }, ME, engine, () => true);

async function passed(method: string, model: Model, message: Message, buildId: string | null = null) {
  const verdict = await ask(method, write(message, model), buildId);
  return "refuse" in verdict ? expect.fail(verdict.refuse) : read(verdict.message, model, "passed");
}

async function check(method: string, model: Model, message: Message, buildId: string | null = null) {
  const verdict = await ask(method, write(message, model), buildId);
  return "refuse" in verdict ? verdict.check : "passed";
}
const checkOf = (message: Message) => check(`${CONTROL}/Solve`, CONTROL_SOLVE, message);

describe("beginning a build", () => {
  test("the build and its session get IDs of the client's, and its results cannot mix with other clients'", async () => {
    const found = await passed(`${CONTROL}/Solve`, CONTROL_SOLVE, attributes(["build-arg:A", "b"]));
    expect(found).toMatchObject({
      Ref: ownId("build", ME, "ref"),
      Session: ownId("session", ME, "session"),
      FrontendAttrs: new Map([
        ["build-arg:A", "b"],
        ["cmdline", "dockerfile.v0"],
        ["build-arg:BUILDKIT_CACHE_MOUNT_NS", ME],
        ["build-arg:BUILDKIT_SANDBOX_HOSTNAME", `build-${ME.slice(0, 40)}`],
        [`label:${BUILDER_LABEL}`, ME],
        ["label:io.tetherdock.owner", ""],
      ]),
    });
    expect(ownId("build", OTHER, "ref")).not.toBe(found["Ref"]);
  });

  test("another session of a build is one of the client's too", async () => {
    const found = await passed(
      `${CONTROL}/Solve`,
      CONTROL_SOLVE,
      attributes(["local-sessionid:context", "s2"]),
    );
    expect((found["FrontendAttrs"] as ReadonlyMap<string, string>).get("local-sessionid:context")).toBe(
      ownId("session", ME, "s2"),
    );
  });

  test("a client cannot set these attributes itself", async () => {
    const given: [string, string][] = [
      ["build-arg:BUILDKIT_SANDBOX_HOSTNAME", "build-other"],
      ["build-arg:BUILDKIT_CACHE_MOUNT_NS", "a/b"],
    ];
    const found = await passed(`${CONTROL}/Solve`, CONTROL_SOLVE, attributes(...given));
    const attrs = found["FrontendAttrs"] as ReadonlyMap<string, string>;
    expect(attrs.get("build-arg:BUILDKIT_SANDBOX_HOSTNAME")).toBe(`build-${ME.slice(0, 40)}`);
    expect(attrs.get("build-arg:BUILDKIT_CACHE_MOUNT_NS")).toBe(`${ME}-a%2Fb`);
  });

  test("only images and the client's own files can be built from", async () => {
    const { SourcePolicy } = await passed(`${CONTROL}/Solve`, CONTROL_SOLVE, solve());
    expect(SourcePolicy).toEqual({
      version: 1n,
      rules: [
        { action: 1n, selector: { identifier: "(?s).*", match_type: 2n } },
        { action: 0n, selector: { identifier: "^docker-image://", match_type: 2n } },
        { action: 0n, selector: { identifier: "^local://", match_type: 2n } },
      ],
    });
  });

  test.each([
    ["what `docker build` sends", solve({ Frontend: "" })],
    ["no network", attributes(["force-network-mode", "none"])],
    [
      "a target, a platform and hosts",
      attributes(["target", "a"], ["platform", "linux/amd64"], ["add-hosts", "a=1.2.3.4"]),
    ],
    ["a label", attributes(["label:a", "b"])],
    ["a context of an image", attributes(["context:base", "docker-image://tiny"])],
    ["inline cache", solve({ Cache: { Exports: [{ Type: "inline", Attrs: new Map() }] } })],
    ["files to the client", exporter("local", ["dest", "out"])],
    ["no output", solve({ Exporters: [] })],
    ["a name of the client's own image", exporter("image", ["name", "mine"], ["push", "false"])],
    [
      "a name with hexadecimal digits",
      exporter("image", ["name", "cafe,me/3f2a9c0d1e2b,x.example/3f2a9c0d1e2b"]),
    ],
    ["a name with host, port and tag", exporter("image", ["name", "127.0.0.1:5000/a/b:V1,mine"])],
    ["ulimits", attributes(["ulimit", "nofile=1:2,nproc=5"])],
  ])("passes: %s", async (_what, message) => {
    expect(await checkOf(message)).toBe("passed");
  });

  test.each([
    ["hostNamespaces", attributes(["force-network-mode", "host"])],
    ["entitlements", solve({ Entitlements: ["network.host"] })],
    ["entitlements", solve({ Entitlements: ["security.insecure"] })],
    ["cgroupParent", attributes(["cgroup-parent", "x"])],
    ["cache", attributes(["cache-from", "x"])],
    ["cache", attributes(["cache-imports", "[]"])],
    ["cache", solve({ Cache: { Imports: [{ Type: "registry" }] } })],
    ["cache", solve({ Cache: { ImportRefsDeprecated: ["x"] } })],
    ["cache", solve({ Cache: { ExportRefDeprecated: "x" } })],
    ["cache", solve({ Cache: { Exports: [{ Type: "local" }] } })],
    ["frontend", solve({ Frontend: "gateway.v0" })],
    ["frontend", attributes(["source", "evil"])],
    ["frontend", attributes(["build-arg:BUILDKIT_SYNTAX", "evil"])],
    ["labels", attributes(["label:io.tetherdock.owner", OTHER])],
    ["labels", attributes(["label:io.tetherdock.builder", OTHER])],
    ["source", attributes(["context", "http://127.0.0.1/x.tar"])],
    ["source", attributes(["context", "http://buildkit-session/s1"])],
    ["source", attributes(["context:x", "oci-layout://a"])],
    ["frontend", attributes(["cmdline", "evil"])],
    ["attributes", attributes(["__proto__", "x"])],
    ["attributes", attributes(["hasOwnProperty", "x"])],
    ["attestations", attributes(["attest:sbom", "generator=evil"])],
    ["ulimits", attributes(["ulimit", "nofile=1,memlock=-1"])],
    ["llb", solve({ Definition: new Uint8Array() })],
    ["llb", solve({ FrontendInputs: new Map([["a", new Uint8Array()]]) })],
    ["sourcePolicy", solve({ SourcePolicy: {} })],
    ["sourcePolicy", solve({ SourcePolicySession: "session" })],
    ["output", solve({ EnableSessionExporter: true })],
    ["hostNamespaces", solve({ ProxyNetwork: true })],
    ["output", exporter("gha")],
    ["output", exporter("image", ["registry.insecure", "true"])],
    ["push", exporter("image", ["push", "true"])],
    ["push", exporter("image", ["push-by-digest", "1"])],
    ["push", solve({ ExporterDeprecated: "image", ExporterAttrsDeprecated: new Map([["push", "t"]]) })],
    ["imageName", exporter("image", ["name", "new,theirs"])],
    ["imageName", exporter("moby", ["name", "pulled"])],
    ["imageName", exporter("moby", ["name", "new@sha256:0"])],
    // docker run 3f2a9c0d1e2b takes the name before the image whose ID begins like this
    ["imageName", exporter("moby", ["name", "3f2a9c0d1e2b"])],
    ["imageName", exporter("moby", ["name", "3f2a9c0d1e2b:latest"])],
    ["imageName", exporter("moby", ["name", "index.docker.io/library/3f2a9c0d1e2b"])],
    ["imageName", exporter("moby", ["name", "Docker.io/3f2a9c0d1e2b:latest"])],
    ["imageName", exporter("moby", ["name", Array.from({ length: 17 }, (_, at) => `n${at}`).join()])],
    ["imageName", exporter("moby", ["name", "x.example:5000/theirs:1"])],
    ["imageName", exporter("moby", ["name", "sha256:3f2a"])], // the beginning of an ID for docker run
    [
      "imageName",
      solve({ ExporterDeprecated: "moby", ExporterAttrsDeprecated: new Map([["name", "theirs"]]) }),
    ],
    ["id", solve({ Ref: "" })],
    ["id", solve({ Session: "" })],
  ])("is refused by the check %s (%#)", async (expected, message) => {
    expect(await checkOf(message)).toBe(expected);
  });

  test("a refusal names the attribute and its value, and says what to change", async () => {
    const message = write(attributes(["force-network-mode", "host"]), CONTROL_SOLVE);
    expect(await ask(`${CONTROL}/Solve`, message)).toMatchObject({
      refuse:
        'FrontendAttrs.force-network-mode is "host": builds use their own network; leave out --network (check hostNamespaces)',
    });
  });
});

describe("calls within a build", () => {
  const inBuild = `${BRIDGE}/Solve`;
  const run = (more: Message = {}): Message => ({
    Frontend: "dockerfile.v0",
    FrontendOpt: new Map(),
    ...more,
  });

  test("the frontend's attributes are judged and added as when the build begins", async () => {
    const found = await passed(inBuild, BRIDGE_SOLVE, run({ allowResultReturn: true }), "ref");
    expect(found).toMatchObject({ allowResultReturn: true, SourcePolicies: [{ version: 1n }] });
    expect((found["FrontendOpt"] as Map<string, string>).get("cmdline")).toBe("dockerfile.v0");
    expect(await ask(inBuild, write(run(), BRIDGE_SOLVE), "ref")).toMatchObject({
      buildId: ownId("build", ME, "ref"),
    });
  });

  test.each([
    ["frontend", run({ Frontend: "gateway.v0" })],
    ["frontend", run({ Frontend: "" })],
    ["llb", run({ Frontend: "", Definition: new Uint8Array() })],
    ["hostNamespaces", run({ FrontendOpt: new Map([["force-network-mode", "host"]]) })],
    ["cache", run({ CacheImports: [{ Type: "registry" }] })],
    ["sourcePolicy", run({ SourcePolicies: [{}] })],
    ["output", run({ ExporterAttr: new Uint8Array(1) })],
  ])("is refused by the check %s (%#)", async (expected, message) => {
    expect(await check(inBuild, BRIDGE_SOLVE, message, "ref")).toBe(expected);
  });

  test("a call that names no build is refused", async () => {
    for (const id of [null, ""]) expect(await check(inBuild, BRIDGE_SOLVE, run(), id)).toBe("id");
  });

  test("what a build returns goes to the engine without the steps that led to it", async () => {
    const ref = (id: string): Message => ({ id, def: Uint8Array.of(1) });
    const result = { ref: ref("one"), refs: { refs: new Map([["linux/amd64", ref("two")]]) } };
    const metadata = new Map([["containerimage.config", Uint8Array.of(2)]]);
    expect(
      await passed(`${BRIDGE}/Return`, BRIDGE_RETURN, { result: { ...result, metadata } }, "ref"),
    ).toEqual({
      result: { ref: { id: "one" }, refs: { refs: new Map([["linux/amd64", { id: "two" }]]) }, metadata },
    });
    const failed = {
      error: { code: 2n, message: "no", details: [{ type_url: "x+json", value: Buffer.from("{}") }] },
    };
    expect(await passed(`${BRIDGE}/Return`, BRIDGE_RETURN, failed, "ref")).toMatchObject({
      error: { code: 2n, message: "no", details: [{ type_url: "x+json" }] },
    });
    const attested = { result: { attestations: new Map([["a", new Uint8Array()]]) } };
    expect(await check(`${BRIDGE}/Return`, BRIDGE_RETURN, attested, "ref")).toBe("attestations");
  });

  test.each([
    ["ResolverType", 1n],
    ["SessionID", "theirs"],
    ["StoreID", "x"],
    ["SourcePolicies", [{}]],
  ])("an image from elsewhere than a registry is refused: %s", async (name, value) => {
    const message = { Ref: "tiny", [name]: value };
    expect(await check(`${BRIDGE}/ResolveImageConfig`, RESOLVE_IMAGE, message, "ref")).toBe("source");
  });
});

test("a client sees the progress of its own builds only", async () => {
  expect(await passed(`${CONTROL}/Status`, ONLY_REF, { Ref: "ref" })).toEqual({
    Ref: ownId("build", ME, "ref"),
  });
});

test.each([
  ...["DiskUsage", "Prune", "Session", "ListenBuildHistory", "UpdateBuildHistory", "solve"].map(
    (name) => `${CONTROL}/${name}`,
  ),
  ...[
    "NewContainer",
    "ExecProcess",
    "ReadFile",
    "ReleaseContainer",
    "ReadFileContainer",
    "Warn",
    "ResolveSourceMeta",
  ].map((name) => `${BRIDGE}/${name}`),
  "containerd.services.content.v1.Content/Read",
  "opentelemetry.proto.collector.trace.v1.TraceService/Export",
])("%s is refused", async (method) => {
  expect(await ask(method, new Uint8Array(), "ref")).toMatchObject({ check: "method" });
});

test("calls that begin something are told apart from those that only read", () => {
  expect([`${CONTROL}/Solve`, `${BRIDGE}/Solve`, "unknown.Service/Call"].map(kindOf)).toEqual([
    "begins",
    "begins",
    "begins",
  ]);
  expect([`${CONTROL}/Status`, `${BRIDGE}/StatFile`].map(kindOf)).toEqual(["follows", "asks"]);
});

test.each([
  ["http://buildkit-session/s1", "an archive on the standard input is not judged yet"],
  ["http://buildkit-session.example.com/x.tar", "the engine would fetch it"],
])("the refusal of the context %s says what to do", async (value, hint) => {
  const verdict = await ask(`${CONTROL}/Solve`, write(attributes(["context", value]), CONTROL_SOLVE));
  expect(verdict).toMatchObject({ refuse: expect.stringContaining(hint) });
});

test("only the export of traces is optional", () => {
  const service = "opentelemetry.proto.collector.trace.v1.TraceService";
  const methods = [`${service}/Export`, `${service}/Other`, `${CONTROL}/Solve`, ""];
  expect(methods.filter(isOptional)).toEqual([`${service}/Export`]);
});
