/**
 * The role deployer on a real engine: a working day with the unmodified docker CLI, and attempts to exceed the role, each of
 * which first works for an admin on the same engine. Some of each kind, others every day; all with `scripts/test --all`.
 */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calls } from "../escapes/calls.ts";
import { closedCalls } from "../escapes/closed.ts";
import { creates } from "../escapes/creates.ts";
import {
  doneOn,
  type Escape,
  filled,
  HOST_FILE,
  HOST_SECRET,
  HOST_VOLUME,
  OTHERS_NETWORK,
  type Places,
} from "../escapes/escape.ts";
import { networks } from "../escapes/networks.ts";
import { type Made, OWNER, Stage, startTiny } from "../escapes/stage.ts";
import { volumes } from "../escapes/volumes.ts";
import { ways } from "../escapes/ways.ts";
import type { Reply } from "../support/gateway/api-caller.ts";
import type { GatewayLine } from "../support/gateway/line-on-host.ts";
import { addingFrom, enrol, openCompany, outputOf, type Person } from "../support/gateway/people.ts";
import type { Release } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";

const RELEASE = (process.env["ESCAPES_RELEASE"] ?? "bookworm") as Release;

let line: GatewayLine;
let admin: Person;
let dora: Person;
let dan: Person;

beforeAll(async () => {
  ({ line, admin, dora, dan } = await openCompany("deployer", RELEASE));
  await line.host.root(`printf '%s' '${HOST_SECRET}' > ${HOST_FILE}; chmod 600 ${HOST_FILE}
    docker volume create -o type=none -o o=bind -o device=/root ${HOST_VOLUME}; docker network create ${OTHERS_NETWORK}`);
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

let count = 0;

async function staged(): Promise<Stage> {
  const stage = new Stage(admin, dora, dan, ++count);
  await stage.make();
  return stage;
}

/** @returns the stage as it was before an attempt, or a new one if something that cannot be made again is gone */
async function restored(stage: Stage): Promise<Stage> {
  if (await stage.restore()) return stage;
  await stage.clear();
  return staged();
}

async function tries(who: Person, { attempt, before = [] }: Escape, places: Places): Promise<Reply> {
  const here = { ...places, who: who === admin ? "a" : "b" };
  for (const step of before) await (step.by === "self" ? who : admin).api.call(filled(step, here));
  return who.api.call(filled(attempt, here));
}

async function printed(id: string): Promise<string> {
  await admin.api.json("POST", `/containers/${id}/start`);
  await admin.api.json("POST", `/containers/${id}/wait`);
  return (await admin.api.call({ method: "GET", target: `/containers/${id}/logs?stdout=1&stderr=1` })).body;
}

/** Proves that the attempt does for an admin what the role must prevent. */
async function expectWorks(one: Escape, places: Places): Promise<void> {
  const { status, body } = await tries(admin, one, places);
  expect(status, body).toBeLessThan(400);
  const { shows, prints, removes, answers = "" } = filled(one.proof, places);
  expect(body).toContain(answers);
  if (removes) expect((await admin.api.call({ method: "GET", target: removes })).status).toBe(404);
  if (!/\/(?:containers|networks)\/create(?:\?|$)/.test(one.attempt.target)) return;
  const { Id } = JSON.parse(body) as Made;
  if (one.attempt.target.includes("/networks/")) {
    await admin.api.json("DELETE", `/networks/${Id}`);
    return;
  }
  if (shows) expect(await admin.api.json("GET", `/containers/${Id}/json`)).toMatchObject(shows);
  if (prints) expect(await printed(Id)).toContain(prints);
  await admin.api.json("DELETE", `/containers/${Id}?force=1&v=1`);
}

async function expectRefused(one: Escape, places: Places): Promise<void> {
  const { status, body } = await tries(dora, one, places);
  if (one.filtered) {
    const { removes = "/info", answers } = filled(one.proof, places);
    expect(status, body).toBe(200);
    if (answers) expect(body).not.toContain(answers);
    expect((await admin.api.call({ method: "GET", target: removes })).status).toBe(200);
    return;
  }
  expect([403, 404, 413], body).toContain(status);
  if (one.attempt.method === "HEAD") return;
  const { message } = JSON.parse(body) as { message: string };
  expect(message).toMatch(new RegExp(`^tetherdock: .*(?:${one.refusal})`, "s"));
}

async function all(who: Person): Promise<string> {
  const [made, { Volumes }, found] = await Promise.all([
    who.api.json<{ Id: string; Name: string }[]>("GET", "/networks"),
    who.api.json<{ Volumes: { Name: string }[] | null }>("GET", "/volumes"),
    who.api.json<{ Id: string; State: string; Names: string[] }[]>("GET", "/containers/json?all=1"),
  ]);
  const names = [...(Volumes ?? []), ...made].map(({ Name }) => Name).toSorted();
  return JSON.stringify([names, ...found.map(({ Id, State, Names }) => [Id, State, Names])]);
}

describe.each([
  ["creating a container", creates, 45],
  ["other calls", calls, 34],
  ["volumes", volumes, 21],
  ["networks", networks, 24],
  ["the way a request is written", ways, 24],
  ["closed operations", closedCalls, 16],
])("exceeding the role by %s", (what, escapes, aDay) => {
  const here = sampleBy(`exceeding by ${what}`, doneOn(RELEASE, escapes), aDay);
  let stage: Stage;
  beforeAll(async () => {
    stage = await staged();
  });
  afterAll(() => stage.clear());

  test.each(here.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    await expectWorks(one, stage.places);
    if (one.spoils === "spare") await stage.restock();
    else if (one.spoils) stage = await restored(stage);
    const before = await all(admin);
    await expectRefused(one, stage.places);
    // a prune removes dora's own things, as it should
    if (!one.proof.removes && one.before === undefined) expect(await all(admin)).toBe(before);
    // steps before an attempt give containers other names
    if (one.before !== undefined && one.spoils) stage = await restored(stage);
  });
});

describe("a working day", () => {
  /** @param command words between single spaces @param last arguments that have spaces themselves */
  const docker = (who: Person, command: string, ...last: string[]) =>
    line.laptop.docker([...command.split(" "), ...last], { env: who.env });
  /** On a terminal, which `-it` needs. */
  const onTerminal = (who: Person, command: string) =>
    line.laptop.bash(`script -qec '${command}' /dev/null`, { env: who.env });
  const ok = (who: Person, command: string, ...last: string[]): Promise<string> =>
    outputOf(docker(who, command, ...last), `docker ${command}`);

  test("run, ps, exec, logs, stop and rm work on the client's own containers and show no others", async () => {
    expect(await ok(dora, "run --rm tiny echo hello")).toBe("hello\n");
    const there = await onTerminal(dora, 'docker run --rm -it tiny sh -c "tty; echo here"');
    expect(there.stdout, there.stderr).toMatch(/\/dev\/pts\/0\r?\nhere/);
    const flags = "--init -p 8080:80 -v /data --tmpfs /run --memory 64m --label a=b --restart on-failure";
    await ok(dora, `run -d --name web ${flags} tiny sh -c`, "echo up; exec sleep 1000");
    await ok(dan, "run -d --name db tiny sleep 1000");
    expect(await ok(dora, "ps --format {{.Names}}")).toBe("web\n");
    expect(await ok(dora, "ps -n 1 --format {{.Names}}")).toBe("web\n");
    expect(await ok(dan, "ps --format {{.Names}} --filter label=a")).toBe("");
    expect(await ok(dora, "info --format {{.Containers}}")).toBe("0\n");
    expect(await ok(admin, "ps --format {{.Names}}")).toBe("db\nweb\n");
    expect(await ok(dora, "exec web echo inside")).toBe("inside\n");
    const shell = await onTerminal(dora, "docker exec -it web tty");
    expect(shell.stdout, shell.stderr).toContain("/dev/pts/0");
    expect(await ok(dora, "logs web")).toBe("up\n");
    await ok(dora, "stats --no-stream web");
    await ok(dora, "pause web");
    await ok(dora, "unpause web");
    await ok(dora, "rename web site");
    await ok(dora, "restart -t 0 site");
    expect(await ok(dora, "inspect -f {{.Name}} site")).toBe("/site\n");
    const follow = docker(dora, "logs -f site");
    await ok(dora, "kill site");
    expect((await follow).stdout).toContain("up\n");
    await ok(dora, "rm -f site");
    await ok(dora, "images");
    await ok(dora, "version");
    await ok(dora, "info");
    await ok(dan, "rm -f db");
  });

  test("the docker CLI prints a refusal with the role, field, value, check and what to change", async () => {
    expect(await docker(dora, "run --rm -v /:/host tiny true")).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(
        /the role deployer may not call ContainerCreate: HostConfig\.Binds is \["?\/:\/host"?\]: .*-v \/path.*\(check hostPathVolumes\)/,
      ),
    });
    expect(await docker(dora, "exec nonesuch true")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("No such container: nonesuch"),
    });
  });

  test("a start that is refused: `docker run --rm` says why, and leaves no container", async () => {
    await line.host.root(
      "printf 'FROM tiny\\nEXPOSE 20000-20199\\n' | DOCKER_BUILDKIT=0 docker build -q -t ports -",
    );
    for (const options of ["--rm", "-d --rm"])
      expect(await docker(dora, `run ${options} --name open -P ports true`)).toMatchObject({
        status: 125,
        stderr: expect.stringContaining("it publishes 200 ports"),
      });
    expect(await ok(dora, "ps -aq --filter name=open")).toBe("");
    await line.host.root("docker rmi ports");
  });

  test("docker cp is refused on an engine that is not safe for it, with the vulnerabilities", async () => {
    await ok(dora, "create --name files tiny");
    for (const command of ["cp files:/etc/passwd -", "cp /etc/hostname files:/hostname"])
      expect(await docker(dora, command)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/on this engine, .*CVE-2026-42306.*fixed in Docker 29\.[57]\.\d/),
      });
    await ok(dora, "rm files");
  });

  test("an admin's container does not belong to the client whose owner label its image has", async () => {
    const id = await startTiny(dora, "labelled");
    const { Config } = await admin.api.json<{ Config: { Labels: Record<string, string> } }>(
      "GET",
      `/containers/${id}/json`,
    );
    await line.host.root(`docker export labelled | docker import -c 'LABEL ${OWNER}=${Config.Labels[OWNER]}' - forged
      docker run -d --name admins forged sleep 1000`);
    await ok(admin, "exec admins true");
    expect((await docker(dora, "container prune -f")).stderr).toContain(
      "an image on this engine has your label",
    );
    for (const command of ["exec admins id", "rm -f admins"])
      expect(await docker(dora, command)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(`its image also has the label ${OWNER}`),
      });
    await ok(admin, "rm -f admins labelled");
  });

  test("a name that another client uses is reported as taken", async () => {
    await ok(dan, "create --name taken tiny");
    expect((await docker(dora, "create --name taken tiny")).stderr).toContain("already in use");
    await ok(dan, "rm taken");
  });

  test("a pull goes to the registry that the client names", async () => {
    const { stderr } = await docker(dora, "pull 127.0.0.1:1/nothing");
    expect(stderr).toContain("127.0.0.1:1");
    expect(stderr).not.toContain("tetherdock:");
  });

  /** @returns how many pass until many in a row are refused; at most `most` */
  async function madeOf(make: () => Promise<Reply>, most: number): Promise<number> {
    let [made, refused] = [0, 0];
    while (refused < 48 && made < most) {
      const replies = await Promise.all(Array.from({ length: 16 }, make));
      const passed = replies.filter(({ status }) => status === 201).length;
      const isRefused = ({ status, body }: Reply) => status === 403 && body.includes("(check kept)");
      expect(passed + replies.filter(isRefused).length, JSON.stringify(replies[0])).toBe(16);
      made += passed;
      refused = passed > 0 ? 0 : refused + 16;
    }
    return made;
  }

  test("execs that are never started take so much of Docker's memory, and no more", async () => {
    const eve = await enrol(line, "eve@desk", "deployer");
    const [mine, dans] = [await startTiny(eve, "filled"), await startTiny(dan, "free")];
    const body = { Cmd: ["true"], Env: [`A=${"x".repeat(200_000)}`] };
    const make = (who: Person, id: string) =>
      who.api.call({ method: "POST", target: `/containers/${id}/exec`, body });
    expect(((await madeOf(() => make(eve, mine), 1_000)) * 408_000) / (128 * 1024 * 1024)).toBeCloseTo(1, 1);
    expect(await ok(eve, "ps --format {{.Names}}")).toBe("filled\n");
    expect([await make(dan, dans), await make(admin, mine)]).toMatchObject([
      { status: 201 },
      { status: 201 },
    ]);
    await ok(admin, "rm -f filled free");
  });

  test("containers of an image with a configuration of 3 MB take so much of Docker's memory, and no more", async () => {
    const gil = await enrol(line, "gil@desk", "deployer");
    const labels = Array.from({ length: 96 }, (_, at) => `c${at}=$B$B`).join(" ");
    const file = `FROM tiny\nENV A=${"x".repeat(1_000)}\nENV B=${"$A".repeat(16)}\nLABEL ${labels}\n`;
    await line.host.root(`printf '%s' '${file}' | DOCKER_BUILDKIT=0 docker build -q -t fat -`);
    const call = { method: "POST", target: "/containers/create", body: { Image: "fat" } };
    // One in eight counts, for 48 MB: three of them are too much.
    expect(await madeOf(() => gil.api.call(call), 200)).toBeLessThan(200);
    await line.host.root("docker rm $(docker ps -aq --filter ancestor=fat) >/dev/null; docker rmi fat");
  });

  test("a key added again under another name keeps its containers", async () => {
    await ok(dora, "create --name kept tiny");
    const removed = await line.laptop.tetherdock(["client", "rm", "dora@desk"]);
    expect(removed.status, removed.stderr).toBe(0);
    expect((await docker(dora, "ps")).stderr).toContain("not on this host's list");
    const folder = dora.env["DOCKER_CERT_PATH"] ?? "";
    const again = join(line.laptop.folder, "dora@sofa");
    await outputOf(
      line.laptop.tetherdock(addingFrom(folder, "dora@sofa", "deployer", again)),
      "client add dora@sofa",
    );
    await copyFile(join(folder, "key.pem"), join(again, "key.pem"));
    await ok({ ...dora, env: { ...dora.env, DOCKER_CERT_PATH: again } }, "rm kept");
  });
});
