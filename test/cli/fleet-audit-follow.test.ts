/** `-f` over gateways that are started again, in order or with -9: new records only, each once, none lost. */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let laptop: LaptopStage;
let one: GatewayStage;
let two: GatewayStage;

beforeAll(async () => {
  laptop = makeLaptopStage();
  one = await startGateway(laptop, "one", "host-one");
  two = await startGateway(laptop, "two", "host-two");
  for (const args of [
    ["init", "acme"],
    ["join", "one", "two"],
  ])
    expect(await laptop.run("tetherdock", "fleet", ...args)).toMatchObject({ status: 0 });
}, 60_000);
afterAll(async () => {
  await one?.stop();
  await two?.stop();
  laptop?.remove();
});

const stop = (name: string) => `/v1.41/containers/${name}/stop`;

function follow(...args: string[]) {
  const child = laptop.spawn("tetherdock", [...args, "-f", "--json"]);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  const over = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGINT");
    await over;
  });
  const targets = (): string[] =>
    said.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { target: string }).target);
  const untilRead = (host: GatewayStage, name: string) =>
    expect
      .poll(
        async () => {
          await host.ask("POST", stop(name));
          return targets().includes(stop(name));
        },
        { timeout: 30_000, interval: 300 },
      )
      .toBe(true);
  return { said, targets, untilRead };
}

/** How often each of these is in the host's log. */
function logged({ directory }: GatewayStage, names: readonly string[]): number[] {
  const text = readdirSync(directory)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(directory, name), "utf8"))
    .join("");
  return names.map((name) => text.split(`"target":"${stop(name)}"`).length - 1);
}

/** Twice started again, once in order; what happens before it is followed again comes too. */
async function expectFollowedOn(host: GatewayStage, { said, targets, untilRead }: ReturnType<typeof follow>) {
  const names = ["first", "a0", "a1", "second", "b0", "b1", "third"].map((name) => `${host.line}-${name}`);
  const at = (index: number) => names[index] ?? "";
  // What was asked before it is followed is not new.
  await untilRead(host, `${host.line}-begun`);
  await untilRead(host, at(0));
  await host.pause();
  await host.resume();
  for (const index of [1, 2]) await host.ask("POST", stop(at(index)));
  await untilRead(host, at(3));
  await host.kill();
  await host.resume();
  for (const index of [4, 5]) await host.ask("POST", stop(at(index)));
  await untilRead(host, at(6));
  // The log may still get the last of what was asked.
  const printed = () => names.map((name) => targets().filter((target) => target === stop(name)).length);
  await expect
    .poll(() => ({ printed: printed(), logged: logged(host, names) }), { timeout: 10_000 })
    .toSatisfy((seen: Record<"printed" | "logged", number[]>) =>
      isDeepStrictEqual(seen.printed, seen.logged),
    );
  expect(said.stderr.match(/warning: /g), said.stderr).toHaveLength(2);
  expect(said.stderr.match(/it answers again, and is followed on$/gm), said.stderr).toHaveLength(2);
}

test("fleet audit -f prints new records only, and follows a host whose gateway is started again", async () => {
  await one.ask("POST", stop("old"));
  await two.ask("POST", stop("old"));
  const following = follow("fleet", "audit");
  await following.untilRead(one, "begun");
  await expectFollowedOn(two, following);
  await following.untilRead(one, "ended");
  expect(following.targets()).not.toContain(stop("old"));
  expect(following.said.stderr).toMatch(/^warning: two: its gateway has ended$/m);
  expect(following.said.stderr).toMatch(/^two: it answers again/m);
}, 120_000);

test("audit -f does the same for a line, and prints what there is from --since on", async () => {
  await one.ask("POST", stop("older"));
  const following = follow("audit", "one");
  await expectFollowedOn(one, following);
  expect(following.targets()).not.toContain(stop("older"));
  const since = follow("audit", "one", "--since", "1h");
  await since.untilRead(one, "last");
  expect(since.targets()).toContain(stop("older"));
}, 120_000);

test("in a folder, -f prints new records only", async () => {
  await one.ask("POST", stop("past"));
  const following = follow("audit", "--directory", one.directory);
  await following.untilRead(one, "present");
  expect(following.targets()).not.toContain(stop("past"));
}, 60_000);
