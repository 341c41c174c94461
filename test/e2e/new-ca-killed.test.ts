/**
 * `up --new-ca` and `up --finish-new-ca` (ADR 0032) are killed at each change to a folder on the laptop, and cut off from the
 * host at each of its answers. Meanwhile every client works; the same command, typed again, ends it; no file is half written.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorityKeys, sameKey } from "../../src/pki/index.ts";
import { cutAt, cutBy, installCuttingSsh } from "../support/cuts.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { joinedLaptop } from "../support/gateway/people.ts";
import type { Laptop } from "../support/laptop.ts";
import { everything, sampleBy } from "../support/sample.ts";
import { killing, ONE_THREAD, type Point, pointsIn, watching } from "../support/strace-points.ts";

/** On an ordinary day, of each command. */
const ROUNDS = 1;
/** Where the host has a key: of root, and of the gateway's user. */
const HOST_FILES = "/etc/tetherdock/ca.pem /etc/tetherdock/server-cert.pem";
const UNSAFE =
  "find /etc/tetherdock/server-key.pem /var/lib/private/tetherdock-gateway -type f -not -perm 0600; find /etc/tetherdock -name '*-new'";

type Step = "--new-ca" | "--finish-new-ca";

let line: GatewayLine;
let bob: Laptop;
let name = "";

beforeAll(async () => {
  line = await openGatewayLine("cakilled");
  name = line.host.name;
  bob = await joinedLaptop(line, "bob@desk", "operator");
  expect(await line.laptop.tetherdock(["context", "create", name])).toMatchObject({ status: 0 });
  await installCuttingSsh(line.laptop);
});
afterAll(async () => {
  await bob?.[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

const command = (step: Step, within: number) =>
  `tetherdock up ${line.host.user}@${name} ${step} --confirm-within ${within}s --yes`;
const file = (path: string) => readFile(join(line.laptop.home, "lines", name, path), "utf8");
/** Here, and on the host. */
const keys = async () => [
  authorityKeys(await file("docker/ca.pem")),
  authorityKeys(await line.host.root("cat /etc/tetherdock/ca.pem")),
];

/** What both sides have now, to begin again from. @returns what brings it back */
async function saved(state: string): Promise<() => Promise<void>> {
  const { laptop, host } = line;
  const own = `"$TETHERDOCK_HOME/lines" "$DOCKER_CONFIG"`;
  expect(await laptop.bash(`mkdir ~/${state} && cp -a ${own} ~/${state}/`)).toMatchObject({ status: 0 });
  await host.root(`mkdir -p /root/${state} && cp -a ${HOST_FILES} /root/${state}/`);
  return async () => {
    const back = `rm -rf ${own} && cp -a ~/${state}/lines "$TETHERDOCK_HOME/" && cp -a ~/${state}/docker "$DOCKER_CONFIG"`;
    expect(await laptop.bash(back)).toMatchObject({ status: 0 });
    await host.root(`for path in ${HOST_FILES}; do
cp -a /root/${state}/\${path##*/} $path.saved && mv $path.saved $path; done`);
  };
}

/** Whatever was cut: who works here and elsewhere goes on, and every file is whole and as private as before. */
async function requireWhole(label: string): Promise<void> {
  const { laptop, host } = line;
  for (const one of [laptop, bob]) {
    const ps = await one.tetherdock(["run", "--", "docker", "ps", "-q"]);
    expect(ps.status, `${label}: ${ps.stderr}`).toBe(0);
  }
  expect(await laptop.docker(["--context", name, "ps", "-q"]), label).toMatchObject({ status: 0 });
  expect(sameKey(await file("docker/cert.pem"), await file("docker/key.pem")), label).toBe(true);
  for (const folder of [laptop.home, join(laptop.dockerConfig, "contexts/tls")])
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) expect((await stat(path)).mode & 0o777, `${label}: ${path}`).toBe(0o600);
    }
  expect(await host.root(`${UNSAFE}`), label).toBe("");
}

/** The host had the old order in the end when it undid the cut change while the second command inspected it (ADR 0004). */
const HISTORY = `ls -la --time-style=full-iso /etc/tetherdock /var/lib/tetherdock
journalctl --no-pager -o short-precise -u 'tetherdock*' -u ssh --since -3min | tail -n 80`;

interface Measured {
  readonly calls: readonly Point[];
  /** Answers of the host. */
  readonly answers: number;
  /** For `--confirm-within`: what is not confirmed is undone then. */
  readonly within: number;
}

const strace = (options: readonly string[], output = "/dev/null") =>
  `${ONE_THREAD} strace ${options.join(" ")} -o ${output}`;

async function measured(step: Step): Promise<Measured> {
  const { laptop } = line;
  const [trace, log] = ["trace", "answers"].map((one) => join(laptop.folder, one)) as [string, string];
  const begin = Date.now();
  const ran = await laptop.bash(`: >${log}; ${strace(watching, trace)} ${command(step, 60)}`, {
    env: { CUT_AT: "0", CUT_LOG: log },
  });
  expect(ran.status, ran.stderr).toBe(0);
  return {
    calls: pointsIn(await readFile(trace, "utf8")),
    answers: (await readFile(log, "utf8")).split("\n").length - 1,
    within: Math.max(4, Math.ceil((2 * (Date.now() - begin)) / 1000)),
  };
}

/** Cuts the command everywhere, each time from the same state, and ends it with the same command. */
async function cutEverywhere(
  step: Step,
  restore: () => Promise<void>,
  then: (found: string[][], label: string) => void,
) {
  const { laptop, host } = line;
  const { calls, answers, within } = await measured(step);
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
  const kills = sampleBy(`kills ${step}`, calls, ROUNDS).map((point) => ({
    label: `${step} killed at ${point.call} ${point.nth}`,
    run: () => laptop.bash(`${strace(killing(point))} ${command(step, within)}`),
  }));
  const cuts = sampleBy(`cuts ${step}`, upTo(answers), ROUNDS).map((at) => ({
    label: `${step} cut at answer ${at} of ${answers}`,
    run: () => laptop.bash(command(step, within), { env: cutAt(at, at % 2 ? cutBy.ssh : cutBy.laptop) }),
  }));
  for (const { label, run } of [...kills, ...cuts]) {
    await restore();
    const cut = await run();
    expect(cut.status, `${label}\n${cut.stderr}`).not.toBe(0);
    await requireWhole(label);
    const again = await laptop.bash(command(step, within));
    expect(again.status, `again after ${label}\n${again.stderr}`).toBe(0);
    await requireWhole(`again after ${label}`);
    try {
      then(await keys(), label);
    } catch (error) {
      console.error(`${label}\n${await host.root(HISTORY)}\n${again.stderr}`);
      throw error;
    }
  }
  console.log(`${step}: ${kills.length} of ${calls.length} kills, ${cuts.length} of ${answers} cuts`);
  expect([calls.length > 5, answers > 5]).toEqual([true, true]);
}

test("offered", { timeout: everything ? 3_600_000 : 600_000 }, async () => {
  const [[old = ""] = []] = await keys();
  await cutEverywhere("--new-ca", await saved("one"), ([here = [], there]) => {
    expect([here.length, here[0]]).toEqual([2, old]);
    expect(there).toEqual(here);
  });
});

test("finished", { timeout: everything ? 3_600_000 : 600_000 }, async () => {
  const [[old = "", next = ""] = []] = await keys();
  expect(await bob.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
  await cutEverywhere("--finish-new-ca", await saved("offered"), (found, label) => {
    expect(found, label).toEqual([[next], [next, old]]);
  });
  expect(await bob.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
  expect(await line.host.root("systemctl show -P NRestarts tetherdock-gateway docker")).toBe("0\n\n0\n");
});
