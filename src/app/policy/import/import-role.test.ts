import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { imported } from "../../../../test/support/policy/imported.ts";
import { operations } from "../../../engine/index.ts";
import { importRole } from "./import-role.ts";
import type { Kind } from "./permissions.ts";

describe("socket-proxy", () => {
  const GET = "-allowGET=/v1\\..{1,2}/(version|containers/.*|events.*)";
  test("options of a compose file", () => {
    const { kind, source, permitted, notes } = imported(
      `services:\n  p:\n    command:\n      - '-loglevel=info'\n      - '-allowfrom=traefik'\n      - '${GET}'\n      - '-allowPOST=/v1\\.\\d+/containers/(web|db)/restart'\n      - '-allowbindmountfrom=/srv'\n`,
    );
    expect([kind, source.extends]).toEqual(["socket-proxy", "discovery"]);
    expect(permitted).toEqual(expect.arrayContaining(["SystemVersion", "ContainerInspect", "SystemEvents"]));
    expect(permitted).not.toContain("SystemPing");
    expect(permitted).not.toContain("ContainerRestart");
    expect(notes).toMatch(/ContainerRestart: the pattern permits only some names/);
    expect(notes).toMatch(/allowfrom: /);
    expect(notes).toMatch(/allowbindmountfrom: /);
  });
  test("options as typed, variables, and that an option wins over a variable", () => {
    expect(imported(`socket-proxy '${GET}' --allowHEAD=/_ping`).permitted).toContain("SystemPingHead");
    const several = imported('SP_ALLOW_GET="/version"\nSP_ALLOW_GET_2="/_ping"\nSP_LOGLEVEL=debug\n');
    expect(several.permitted).toEqual(
      ["SystemPing", "SystemVersion"].toSorted(
        (a, b) => several.permitted.indexOf(a) - several.permitted.indexOf(b),
      ),
    );
    const both = imported(
      "services:\n  p:\n    command: -allowGET=/version\n    environment: [SP_ALLOW_GET=/info]\n",
    );
    expect(both.permitted).toEqual(["SystemVersion"]);
  });
  test("a pattern that Go has and tetherdock does not is left out and named", () => {
    const { permitted, notes } = imported("-allowGET=/version -allowGET=/\\p{L}nfo");
    expect(permitted).toEqual(["SystemVersion"]);
    expect(notes).toMatch(/allowGET=.*: \\p is not known here, so it is left out/);
  });
});

describe("sockguard", () => {
  const rules = (...all: string[]) =>
    `rules:\n${all.map((one) => `  - match: { method: ${one.split(" ")[1]}, path: "${one.split(" ")[2]}" }\n    action: ${one.split(" ")[0]}\n`).join("")}`;
  const FULL = ["allow '*' /containers/**", "allow '*' /images/**", "deny '*' /**"] as const;

  test("the first rule that matches decides, for every name", () => {
    const { permitted, notes } = imported(
      rules(
        ...[
          "deny GET /containers/*/logs",
          "allow GET /containers/**",
          "deny DELETE /volumes/db",
          "allow '*' /volumes/**",
        ],
      ),
    );
    expect(permitted).toContain("ContainerInspect");
    expect(permitted).not.toContain("ContainerLogs");
    expect(permitted).toContain("VolumeList");
    expect(permitted).not.toContain("VolumeDelete");
    expect(notes).toMatch(/VolumeDelete: the rules permit only some names/);
  });
  test.each(["visible_resource_labels", "name_patterns", "image_patterns"])(
    "where %s hides things, nothing that reads them is permitted",
    (key) => {
      const { permitted, notes } = imported(
        `${rules("allow '*' /**")}response: { ${key}: ["com.example.team=web"] }\n`,
      );
      for (const name of ["ContainerList", "ContainerInspect", "ContainerLogs", "SystemEvents", "VolumeList"])
        expect(permitted).not.toContain(name);
      expect(permitted).toEqual(expect.arrayContaining(["SystemVersion", "ContainerRestart"]));
      expect(notes).toMatch(
        new RegExp(`response.${key}: a role cannot hide some things of a kind; .*ContainerList`),
      );
    },
  );

  test("registries become a limit, and what would evade it is shut", () => {
    const { source, permitted, notes } = imported(
      `${rules(...FULL)}request_body:\n  image_pull: {allowed_registries: [ghcr.io, "reg.example:5000"]}\n  container_create: {require_drop_all_capabilities: true, allowed_capabilities: [cap_chown], allowed_bind_mounts: [/srv], require_non_root_user: true}\n`,
    );
    expect(source.limits).toEqual({
      capabilities: { allow: ["CHOWN"] },
      users: { min: 1 },
      images: { allow: ["docker.io/library/*", "ghcr.io/**", "reg.example:5000/**"] },
    });
    expect(permitted).toContain("ContainerCreate");
    for (const name of ["ImageTag", "ImageLoad", "ContainerUpdate", "ContainerExec"])
      expect(permitted).not.toContain(name);
    expect(notes).toMatch(/allowed_bind_mounts: the role does not permit it/);
    expect(notes).toMatch(/allow_root_user: .*ContainerExec left out/);
  });
  test("a check that a role cannot make shuts what it is for", () => {
    for (const [check, shut] of [
      ["container_create: {require_readonly_rootfs: true}", "ContainerCreate"],
      ["container_create: {required_labels: [team]}", "ContainerCreate"],
      ["container_create: {image_trust: {mode: enforce}}", "ContainerCreate"],
      ["container_create: {allowed_seccomp_profiles: [x.json]}", "ContainerCreate"],
      ["exec: {allow_root_user: true, allowed_commands: [[ls]]}", "ContainerExec"],
      ["container_remove: {anything: 1}", "ContainerDelete"],
    ] as const) {
      const { permitted, notes } = imported(`${rules(...FULL)}request_body:\n  ${check}\n`);
      expect(permitted, check).not.toContain(shut);
      expect(notes, check).toContain(`${shut} left out`);
    }
    const off = `${rules(...FULL)}request_body:\n  container_create: {require_readonly_rootfs: false, image_trust: {mode: off}}\n`;
    expect(imported(off.replace("off}", '"off"}')).permitted).toContain("ContainerCreate");
  });
  test("checks that are on unless the file turns them off shut what a role cannot check", () => {
    const all = (bodies: string, more = "") =>
      imported(
        `${rules("allow '*' /**")}request_body: {image_pull: {allow_all_registries: true}, ${bodies}}\n${more}`,
      ).permitted;
    const [entering, tunnels] = [
      ["ContainerExec", "ExecStart"],
      ["Session", "Grpc"],
    ];
    const blind = "insecure_allow_body_blind_writes: true\n";
    const opaque = "insecure_accept_opaque_buildkit_tunnels: true\n";
    const asRoot = "exec: {allow_root_user: true}";
    for (const [bodies, more] of [
      ["", ""],
      [asRoot, ""],
      ["", blind],
      ["exec: {allow_root_user: true, allowed_commands: [[ls]]}", blind],
    ] as const)
      for (const name of [...entering, ...tunnels, "ImageBuild"])
        expect(all(bodies, more), bodies + more).not.toContain(name);
    expect(all(asRoot, blind)).toEqual(expect.arrayContaining(entering));
    expect(all("build: {allow_run_instructions: true}")).toContain("ImageBuild");
    expect(all("", opaque)).toEqual(expect.arrayContaining(tunnels));
    for (const name of tunnels)
      expect(all("buildkit: {control: {solve: {allow: true}}}", opaque)).not.toContain(name);
  });
  test("a star at the beginning is the first segment", () => {
    const { permitted } = imported(rules("deny GET *", "allow GET /**"), "sockguard");
    expect(permitted).toContain("ContainerList");
    for (const name of ["SystemInfo", "SystemVersion", "SystemEvents"]) expect(permitted).not.toContain(name);
  });
  test("with a default profile the file's rules are nobody's", () => {
    const { permitted, notes } = imported(
      `${rules("allow '*' /**")}clients: {default_profile: reader, profiles: [{name: reader}]}\n`,
    );
    expect(permitted).toEqual([]);
    expect(notes).toContain("clients.default_profile: the rules of the file are nobody's then");
  });
  test("an owner: the role acts on the client's own things", () => {
    const { source, permitted } = imported(`${rules("allow '*' /**")}ownership: {owner: ci}\n`);
    expect(source.extends).toBe("deployer");
    expect(permitted).toContain("ContainerInspect");
    expect(imported(`${rules("allow GET /**")}ownership: {owner: ci}\n`).source.extends).toBe("deployer");
    for (const name of ["BuildPrune", "ServiceLogs", "TaskList"]) expect(permitted).not.toContain(name);
  });
  test("profiles, addresses and unknown sections are named", () => {
    const { notes } = imported(
      `${rules(...FULL)}clients: {allowed_cidrs: [10.0.0.0/8], profiles: [{}, {}]}\nresponse: {redact_container_env: true}\nmutations: {x: 1}\nrequest_body: {newer: {}}\n`,
    );
    for (const about of [
      "clients.profiles",
      "clients.allowed_cidrs",
      "response.redact_container_env",
      "mutations",
      "request_body.newer",
    ])
      expect(notes).toContain(`${about}: `);
  });
  test("whatever the rules say, each operation that the role permits is one that the rules permit", () => {
    const path = fc.constantFrom(
      ...[
        "/containers/**",
        "/containers/*/json",
        "/containers/*/*",
        "/**",
        "/**/json",
        "/images/**",
        "/images/*/json",
      ],
      ...[
        "/volumes/**",
        "/volumes/*",
        "/_ping",
        "/containers/json",
        "/containers/web/**",
        "/*/create",
        "/exec/**",
      ],
    );
    const rule = fc.tuple(
      fc.constantFrom("allow", "deny"),
      fc.constantFrom("'*'", "GET", "POST", "DELETE"),
      path,
    );
    const names = ["web", "a0", "json", "Z_z.z-9", "create"];
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 6 }), (all) => {
        const { permitted } = imported(rules(...all.map((one) => one.join(" "))), "sockguard");
        for (const name of permitted) {
          const operation = operations.find((one) => one.name === name);
          const images = operation?.path.startsWith("/images/") ? ["team/web", "host:1/a/b"] : [];
          for (const given of [...names, ...images]) {
            const target = (operation?.path ?? "").replace(/\{\w+\}/g, given);
            const decided = all.find(
              ([, method, glob]) =>
                (method === "'*'" || method === operation?.method) &&
                new RegExp(
                  `^${glob.replace(/\/\*\*|\*/g, (one) => (one === "*" ? "[^/]*" : "(/.*)?"))}$`,
                ).test(target),
            );
            expect([name, target, decided?.[0]]).toEqual([name, target, "allow"]);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("what cannot be imported", () => {
  test.each<[string, Kind | null, RegExp]>([
    ["hello", null, /no variables such as/],
    ["services: {a: {image: nginx}}", null, /none of its services/],
    ["services:\n  a: {environment: {POST: 1}}\n  b: {environment: {POST: 0}}\n", null, /several: a, b/],
    [
      "rules: [{match: {method: GET, path: /x}, action: maybe}]",
      null,
      /line 1, column \d+: rules\[0\]\.action/,
    ],
    ["rules: &a []\nother: *a", "sockguard", /aliases are not supported/],
    [
      `rules: [{match: {method: GET, path: "/${"ä"}"}, action: allow}]`,
      null,
      /the path of a rule cannot be read/,
    ],
    ["x".repeat(70_000), null, /longer than/],
    ["CONTAINERS=1", "sockguard", /line 1/],
    ["CONTAINERS=1", "socket-proxy", /no variables/],
  ])("%j from %s", (text, from, why) => {
    expect(() => importRole(text, from, undefined)).toThrow(
      expect.objectContaining({
        code: "PROXY_CONFIG_UNREADABLE",
        why: expect.arrayContaining([expect.stringMatching(why)]),
      }),
    );
  });
  test("of many problems, 20 are listed and the rest is counted", () => {
    const rules = Array.from({ length: 30 }, () => "  - { match: { method: GET, path: /x }, action: maybe }");
    expect(() => importRole(`rules:\n${rules.join("\n")}\n`, "sockguard", undefined)).toThrow(
      expect.objectContaining({ why: expect.arrayContaining(["and 10 more problems"]) }),
    );
  });
  test("a role needs a name with a hyphen", () => {
    expect(() => importRole("CONTAINERS=1", null, "viewer")).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
    expect(imported("CONTAINERS=1", null, "dash-board").source).toMatchObject({ name: "dash-board" });
  });
});

test("patterns made to take for ever are left out in little time, and a long list of usual rules is not", () => {
  const began = performance.now();
  const slow = ["GET", "POST", "DELETE", "PUT"].map(
    (method) => `-allow${method}=/(.*a.{400}|.*b.{300}|.*)(x|.)*c`,
  );
  expect(imported(slow.join("\n")).permitted).toEqual([]);
  expect(performance.now() - began).toBeLessThan(10_000);
  const usual = Array.from(
    { length: 400 },
    (_, index) => `  - {match: {method: GET, path: "/images/team-${index}/*/json"}, action: deny}\n`,
  );
  const { permitted } = imported(
    `rules:\n${usual.join("")}  - {match: {method: GET, path: /containers/**}, action: allow}\n`,
  );
  expect(permitted).toContain("ContainerInspect");
});

test("words of the configuration add no line to the file", () => {
  const { text, permitted } = imported('CONTAINERS=1\nHACK="x"\nPOST="1\\noperations: {allowAsRoot: [*]}"\n');
  expect(permitted).not.toContain("ContainerCreate");
  const odd = imported(
    "services:\n  p:\n    environment: {CONTAINERS: 1, \"X\\noperations:\\n  allowAsRoot: ['*']\": 1}\n",
  );
  for (const line of [...text.split("\n"), ...odd.text.split("\n")])
    expect(line).not.toMatch(/^\s*allowAsRoot/);
});
