/** What the laptop knows of its lines: ls, status and env, with two hosts of which one goes away. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootHost, type Host } from "../support/host.ts";
import type { CommandOptions } from "../support/laptop.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";

let web: Host;
let ci: Host;
let laptop: Laptop;

beforeAll(async () => {
  web = await bootHost({ name: "web", flavour: "coreos" });
  ci = await bootHost({ name: "ci", flavour: "upstream" });
  laptop = await makeLaptop(web.sshConfig);
});
afterAll(async () => {
  for (const host of [web, ci]) await host?.[Symbol.asyncDispose]();
  await laptop?.[Symbol.asyncDispose]();
});

const tetherdock = (command: string, options?: CommandOptions) =>
  laptop.tetherdock(command.split(" "), options);

/** stdout as JSON, beside the exit status. */
async function json(command: string): Promise<{ status: number; value: unknown }> {
  const { status, stdout } = await tetherdock(`${command} --json`);
  return { status, value: JSON.parse(stdout) };
}

/** `env` deselects every engine and fails in the calling shell; the others print nothing on stdout. */
const nothingSelected = (command: string) => (command === "env" ? expect.stringMatching(/\nfalse\n$/) : "");

test("without a line: ls is empty, all other commands say what to do first", async () => {
  expect(await json("ls")).toEqual({ status: 0, value: [] });
  for (const command of ["status", "env", "run -- true", "context create"])
    expect(await tetherdock(command)).toMatchObject({
      status: 3,
      stdout: nothingSelected(command),
      stderr: expect.stringContaining("tetherdock up"),
    });
});

test("two lines: ls lists both without connecting, status queries both", async () => {
  for (const [name, host] of Object.entries({ web, ci })) {
    const env = { SHELL: "/usr/bin/fish" };
    const up = await tetherdock(`up ${host.user}@${host.name} --name ${name} --yes`, { env });
    expect(up).toMatchObject({ status: 0, stderr: expect.stringContaining(`line ${name} is up`) });
    expect(up.stderr, "in the user's own shell").toContain(`  tetherdock env ${name} | source; docker ps\n`);
  }
  const line = (name: string, { ip }: Host) => ({ name, address: ip, port: 2376, problems: [] });
  expect(await json("ls")).toMatchObject({ status: 0, value: [line("ci", ci), line("web", web)] });
  const engine = { version: expect.stringMatching(/^20\.10\./), apiVersion: "1.41" };
  const well = { ok: true, reachable: true, engine, days: { client: 396, server: 396, ca: 3651 } };
  expect(await json("status")).toMatchObject({
    status: 0,
    value: [
      { ...line("ci", ci), ...well },
      { ...line("web", web), ...well },
    ],
  });
  const { stdout, stderr } = await tetherdock("status");
  expect(stdout).toMatch(
    /^NAME +MODE +ADDRESS +ENGINE +API +CLIENT +SERVER +CA *\nci +native +[\d.]+:2376 +20\.10.* 396 days +396 days.*\nweb /,
  );
  expect(stderr).toBe("");
});

test("with two lines no command guesses which one is meant", async () => {
  for (const command of ["env", "run -- /usr/bin/docker ps", "context create"])
    expect(await tetherdock(command)).toMatchObject({
      status: 2,
      stdout: nothingSelected(command),
      stderr: expect.stringMatching(/ci, web/),
    });
  const info = "-- /usr/bin/docker info --format {{.Name}}";
  expect((await tetherdock(`run --line ci ${info}`)).stdout).toBe(`${ci.name}\n`);
  expect((await tetherdock(`run ${info}`, { env: { TETHERDOCK_LINE: "web" } })).stdout).toBe(`${web.name}\n`);
  const { stdout } = await tetherdock(`run --line ci ${info}`, { env: { TETHERDOCK_LINE: "web" } });
  expect(stdout, "an option wins over the environment").toBe(`${ci.name}\n`);
});

test("env prints only code for eval, and --unset undoes it", async () => {
  const script = `eval "$(tetherdock env web)"; /usr/bin/docker info --format '{{.Name}}'
    eval "$(tetherdock env --unset)"; env | grep ^DOCKER_ | grep -v ^DOCKER_CONFIG= || echo none`;
  expect(await laptop.bash(script)).toEqual({ status: 0, stdout: `${web.name}\nnone\n`, stderr: "" });
});

test("a stopped engine, and a missing host: status says which, and shows the rest", async () => {
  await ci.root("systemctl stop docker.service docker.socket");
  const stopped = await json("status");
  expect(stopped).toMatchObject({
    status: 1,
    value: [
      {
        name: "ci",
        ok: false,
        reachable: false,
        engine: null,
        problems: [expect.stringContaining("refused")],
      },
      { name: "web", ok: true, reachable: true },
    ],
  });
  const docker = await tetherdock("run --line ci -- /usr/bin/docker ps");
  expect(docker).toMatchObject({ status: 1, stderr: expect.stringContaining(`tcp://${ci.ip}:2376`) });
  expect(await tetherdock("status web")).toMatchObject({ status: 0 });
  await ci.root("systemctl start docker.socket docker.service");
  expect(await json("status ci")).toMatchObject({ status: 0 });

  await ci[Symbol.asyncDispose]();
  const gone = await tetherdock("status");
  expect(gone).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^ci .* unreachable .*\nweb .* 20\.10/m),
  });
  expect(gone.stderr).toMatch(new RegExp(`^warning: ci: ${ci.ip.replaceAll(".", "\\.")}:2376 `));
  expect((await json("ls")).status, "ls asks nobody").toBe(0);
});

test("a line whose host is gone is deleted with --forget, and the other is then the only one", async () => {
  expect((await tetherdock("down ci --yes")).status).toBe(3);
  expect(await json("ls")).toMatchObject({ value: [{ name: "ci" }, { name: "web" }] });
  expect(await tetherdock("down ci --forget --yes")).toMatchObject({ status: 0 });
  expect((await tetherdock("run -- /usr/bin/docker info --format {{.Name}}")).stdout).toBe(`${web.name}\n`);
});
