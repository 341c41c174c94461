/**
 * The role builder on a real engine: a CI job's day with the unmodified docker CLI and a registry, with both of Docker's builders,
 * and attempts to exceed the role, each of which first works for an admin on the same engine. Some of them, others every day.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../../src/explain/index.ts";
import { type BuildEscape, INNER } from "../escapes/builds.ts";
import { classicBuilds } from "../escapes/classic.ts";
import { filled, type Places } from "../escapes/escape.ts";
import { images } from "../escapes/images.ts";
import { expectOnlyAdmin } from "../escapes/only-admin.ts";
import { startTiny } from "../escapes/stage.ts";
import { serveInner } from "../support/gateway/inner-service.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { enrol, type Person, personOf } from "../support/gateway/people.ts";
import { LOGIN, REGISTRY, Registry } from "../support/gateway/registry.ts";
import { dockerOf, missingRelease, type Release } from "../support/host.ts";
import type { Output } from "../support/run.ts";
import { everything, sampleBy } from "../support/sample.ts";
import { tar } from "../support/tar.ts";

const chosen = process.env["ESCAPES_RELEASE"] as Release | undefined;
/** All with `scripts/test --all`. */
const RELEASES: readonly Release[] =
  chosen !== undefined ? [chosen] : everything ? ["bookworm", "trixie", "forky"] : ["trixie"];
/** Of an ordinary run, a different part every day. */
const TRIED = 8;
const TINY = "FROM tiny\n";
const LABEL = "io.tetherdock.builder";

const subjects = await Promise.all(
  RELEASES.map(async (release) => ({ release, missing: await missingRelease(release) })),
);

describe.each(subjects)("the role builder on $release", ({ release, missing }) => {
  describe.skipIf(missing !== null)(missing === null ? "with a registry" : `SKIPPED, ${missing}`, () => {
    let line: GatewayLine;
    let registry: Registry;
    let admin: Person;
    let bella: Person;
    let bob: Person;
    let docker: string;

    beforeAll(async () => {
      line = await openGatewayLine("builder", { release });
      admin = await personOf(line);
      bella = await enrol(line, "bella@ci", "builder");
      bob = await enrol(line, "bob@ci", "builder");
      docker = await dockerOf(release);
      await serveInner(line);
      registry = await Registry.open(line);
    });
    afterAll(async () => {
      await registry?.[Symbol.asyncDispose]();
      await line?.[Symbol.asyncDispose]();
    });

    /** @param words after `docker` @param input what the command reads @param kit whether buildx builds */
    function run(who: Person, words: string, input = "", kit = false): Promise<Output> {
      const DOCKER_CONFIG = join(line.laptop.folder, `config-${who === bella ? "bella" : "others"}`);
      const env = { ...who.env, DOCKER_CONFIG, DOCKER_BUILDKIT: kit ? "1" : "0", BUILDKIT_PROGRESS: "plain" };
      return line.laptop.bash(`${docker} ${words}`, { input, env });
    }
    async function ok(who: Person, words: string, input = "", kit = false): Promise<string> {
      const { status, stdout, stderr } = await run(who, words, input, kit);
      expect(status, `docker ${words}\n${stderr}${stdout}`).toBe(0);
      return stdout + stderr;
    }
    const said = async (who: Person, words: string, input = ""): Promise<string> => {
      const { status, stdout, stderr } = await run(who, words, input);
      expect(status, stdout).not.toBe(0);
      return stdout + stderr;
    };

    const builders =
      release === "bookworm"
        ? [["the classic builder", false] as const]
        : [["buildx", true] as const, ["the classic builder", false] as const];
    test.each(builders)("log in, build with %s, tag, push, remove, pull", async (_builder, kit) => {
      const name = `app-${kit ? "x" : "c"}`;
      const folder = join(line.laptop.folder, name);
      await mkdir(folder);
      await writeFile(join(folder, "greeting"), "hello\n");
      await writeFile(join(folder, "key"), "hunter2\n");
      await writeFile(join(folder, ".dockerignore"), "key\n");
      await writeFile(
        join(folder, "Dockerfile"),
        `ARG BASE=tiny\nFROM $BASE AS build\nARG WHO=nobody\nCOPY . /made/
RUN echo "for $WHO" \\\n  # a comment\n  >>/made/greeting; ls -A /made >/made/list\n${TINY}COPY --from=build /made /made
CMD ["cat", "/made/greeting", "/made/list"]\n`,
      );
      await ok(bella, `login -u ${LOGIN.user} --password-stdin ${REGISTRY}`, LOGIN.password);
      await ok(bella, `build --build-arg WHO=ci -t ${name} ${folder}`, "", kit);
      await ok(bella, `tag ${name} ${REGISTRY}/team/${name}:1`);
      expect(await said(bella, `push ${REGISTRY}/team/${name}:2`)).toMatch(/not exist|No such image/);
      await ok(bella, `push ${REGISTRY}/team/${name}:1`);
      expect(await registry.has(`team/${name}:1`)).toBe(true);
      await ok(bella, `rmi ${name} ${REGISTRY}/team/${name}:1`);
      expect(await said(bella, `image inspect ${name}`)).toMatch(/No such image/i);
      await ok(bella, `pull ${REGISTRY}/team/${name}:1`);
      expect(await ok(admin, `run --rm ${REGISTRY}/team/${name}:1`)).toBe(
        "hello\nfor ci\n.dockerignore\nDockerfile\ngreeting\nlist\n",
      );
      await ok(bella, "image prune -f");
      await ok(bella, `rmi ${REGISTRY}/team/${name}:1`);
    });

    test("the login is not in the audit log, the build is", async () => {
      const log = await line.host.root("cat /var/log/tetherdock-gateway/*.jsonl");
      for (const secret of [
        LOGIN.password,
        Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64"),
      ])
        expect(log).not.toContain(secret);
      expect(log).toContain('"operation":"ImageBuild"');
      expect(log).toContain('"operation":"ImagePush"');
    });

    test("a context of several megabytes, and one that is too large", async () => {
      const folder = join(line.laptop.folder, "big");
      await mkdir(folder);
      await writeFile(join(folder, "Dockerfile"), `${TINY}COPY data /data\nRUN sha256sum </data\n`);
      await writeFile(join(folder, "data"), Buffer.alloc(3_000_000, "x"));
      const sum = await line.laptop.bash(`sha256sum <${folder}/data`);
      expect(await ok(bella, `build ${folder}`)).toContain(sum.stdout.trim());
      await writeFile(join(folder, "data"), Buffer.alloc(6_000_000, "x"));
      expect(await said(bella, `build ${folder}`)).toMatch(/4 MiB|too large/);
    });

    test.runIf(release === "bookworm")(
      "buildx and compose 2 on an engine that is too old for builds with them: the refusal names what works",
      async () => {
        const newer = await dockerOf("trixie");
        const folder = join(line.laptop.folder, "newer");
        await mkdir(folder);
        await writeFile(join(folder, "Dockerfile"), TINY);
        await writeFile(join(folder, "compose.yaml"), "services: { newer: { build: . } }\n");
        for (const words of [`build ${folder}`, `compose --project-directory ${folder} build`]) {
          const build = (kit: string) =>
            line.laptop.bash(`${newer} ${words}`, { env: { ...bella.env, DOCKER_BUILDKIT: kit } });
          const { stdout, stderr } = await build("1");
          expect(stderr).toContain("DOCKER_BUILDKIT=0, which works on every engine");
          expect(explain(stdout + stderr).explanations.map(({ id }) => id)).toEqual([
            "gateway-buildx-fallback",
          ]);
          const classic = await build("0");
          expect(classic, classic.stderr).toMatchObject({ status: 0 });
        }
      },
    );

    test("a step that fails says where", async () => {
      const text = await said(bella, "build -", `${TINY}RUN echo so far; exit 3\n`);
      expect(text).toContain("so far");
      expect(text).toContain("returned a non-zero code: 3");
    });

    describe("exceeding the role", () => {
      const owners = new Map<Person, string>();
      let container: string;
      let count = 0;

      beforeAll(async () => {
        for (const who of [bella, bob]) {
          await ok(who, "build -t first -", `${TINY}LABEL of=${who === bob ? "bob" : "bella"}\n`);
          const label = await ok(admin, `image inspect -f '{{index .Config.Labels "${LABEL}"}}' first`);
          owners.set(who, label.trim());
          await ok(who, "rmi first");
        }
        container = await startTiny(admin, "admins");
        await ok(admin, "build -t onbuild -", `${TINY}ONBUILD ADD ${INNER}/secret /s\n`);
      });

      /** An image as one of them would have built it, without waiting for the CLI. @returns its ID */
      async function make(owner: string, n: string, ...names: string[]): Promise<string> {
        const labels = encodeURIComponent(JSON.stringify({ [LABEL]: owner, n }));
        const tags = names.map((name) => `t=${encodeURIComponent(name)}`).join("&");
        const made = await admin.api.call({
          // without the cache: another attempt may remove the step that it would take
          ...{ method: "POST", target: `/build?nocache=1&labels=${labels}&${tags}` },
          ...{ body: tar({ Dockerfile: TINY }), headers: { "Content-Type": "application/x-tar" } },
        });
        expect(made.body).toContain("Successfully tagged");
        return imageNamed(names[0]);
      }

      const imageNamed = async (name = ""): Promise<string> => {
        const found = await admin.api.call({ method: "GET", target: `/images/${name}/json` });
        return (JSON.parse(found.body) as { Id?: string }).Id ?? "none";
      };

      async function places(mineOf: string): Promise<Places> {
        const n = String(++count).padStart(3, "0");
        const [theirs, mine, shared] = [`theirs${n}`, `mine${n}`, `shared${n}`];
        const theirsId = await make(owners.get(bob) ?? "", `${n}t`, theirs, `127.0.0.1:1/${theirs}`);
        const mineId = await make(mineOf, `${n}m`, mine, `127.0.0.1:1/${mine}`, shared);
        await admin.api.call({ method: "POST", target: `/images/tiny/tag?repo=127.0.0.1:1/tiny` });
        return { n, container, theirs, theirsId, mine, mineId, shared };
      }

      test.concurrent.each(sampleBy("builder", images, TRIED).map((one) => [one.name, one] as const))(
        "%s",
        async (_name, one) => {
          const owner = owners.get(bella) ?? "";
          const forAdmin = filled(one, await places(owner));
          const works = await admin.api.call(forAdmin.attempt);
          expect(works.status, works.body).toBeLessThan(400);
          expect(works.body).toContain(forAdmin.proof.answers ?? "");

          const here = await places(owner);
          const before = [await imageNamed(here["theirs"]), await imageNamed(here["shared"])];
          const { status, body } = await bella.api.call(filled(one.attempt, here));
          expect(status, body).toBeGreaterThanOrEqual(400);
          expect((JSON.parse(body) as { message: string }).message).toMatch(
            new RegExp(`^tetherdock: .*(?:${one.refusal})`, "s"),
          );
          expect([await imageNamed(here["theirs"]), await imageNamed(here["shared"])]).toEqual(before);
        },
      );

      async function printed(who: Person, one: BuildEscape): Promise<Output> {
        const built = await run(who, one.command, one.dockerfile);
        if (built.status !== 0 || !one.afterwards) return built;
        const after = await run(admin, one.afterwards, one.input);
        return { ...after, stdout: built.stdout + after.stdout, stderr: built.stderr + after.stderr };
      }

      async function buildPlaces(): Promise<Places> {
        const n = ++count;
        const victim = `victim${n}`;
        await make(owners.get(bob) ?? "", `${n}v`, victim);
        return { new: `new${n}`, victim, container };
      }

      test.concurrent.each(sampleBy("classic", classicBuilds, TRIED).map((one) => [one.name, one] as const))(
        "the classic builder: %s",
        async (_name, one) => {
          if (one.prints === "192.0.2.66")
            for (const who of [admin, bob])
              await ok(who, `build --add-host x:${one.prints} -`, one.dockerfile);
          await expectOnlyAdmin(one, { admin, client: bella, places: buildPlaces, printed, imageNamed });
        },
      );

      test("an admin gets no step's result of a builder", async () => {
        const step = `${TINY}RUN cat /etc/hosts >/kept; : ${++count}\n`;
        await ok(bob, "build --add-host x:192.0.2.77 -", step);
        await ok(admin, "build -t unpoisoned -", step);
        const kept = await ok(admin, "build --no-cache -", "FROM unpoisoned\nRUN cat /kept\n");
        expect(kept).toContain("localhost");
        expect(kept).not.toContain("192.0.2.77");
      });
    });
  });
});
