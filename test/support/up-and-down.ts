/** Takes a host from a state to a line and back, for every state and flavour. */
import { expect } from "vitest";
import type { LineMode } from "../../src/line/index.ts";
import { expectFindings } from "./doctor.ts";
import { expectProven, overLine } from "./expect-proven.ts";
import { exposure } from "./exposure.ts";
import { bootHost, type Flavour, type Host, type Release } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";

/** One case. */
export interface StateCase {
  readonly flavour: Flavour;
  /** bookworm by default. */
  readonly release?: Release;
  /** The login, if it is not the flavour's default. */
  readonly user?: string;
  /** A state of test/hosts; without, pristine. */
  readonly state?: string;
  /** All findings of doctor before, in the form of `expectFindings`. */
  readonly finds: readonly string[];
  /** Endpoints that are open to everybody before: checked first, and again at the end. */
  readonly openPort?: number;
  readonly upFlags?: readonly string[];
  readonly mode?: LineMode;
  readonly reboot?: boolean;
  /** Docker had failed to start; afterwards it is stopped. To restore this exactly, down would have to make it fail. */
  readonly failed?: boolean;
  /**
   * Docker is inactive until somebody uses its local socket. A gateway does, and down does not stop a docker that it
   * did not start.
   */
  readonly woken?: boolean;
  /** Further checks before, and again at the end. */
  readonly before?: (host: Host, laptop: Laptop) => Promise<void>;
  /** Further checks while the line is up. */
  readonly meanwhile?: (host: Host, laptop: Laptop) => Promise<void>;
}

/** Maximum ms of a reboot until docker answers by itself. */
const BACK_WITHIN_MS = 40_000;

/** The ssh destination of a host. */
export function destinationOf(host: Host, user = host.user): string {
  return `${user}@${host.name}`;
}

async function expectOpen(laptop: Laptop, { ip }: Host, port: number): Promise<void> {
  const { status, stdout } = await laptop.docker(["-H", `tcp://${ip}:${port}`, "version"]);
  expect(stdout, "docker -H works for everybody").toContain("Server:");
  expect(status).toBe(0);
}

/** Identifies a run of dockerd: systemd gives each start a new id. */
export async function daemonRun(host: Host): Promise<string> {
  return host.root(
    "systemctl show -p InvocationID -p MainPID -p ExecMainStartTimestampMonotonic docker.service",
  );
}

/** Starts a container that ends at once when it is asked to. */
export async function startContainer(host: Host, name = "keep"): Promise<string> {
  await host.root(`mk-tiny >/dev/null; docker run -d --name ${name} --stop-signal KILL tiny sleep 100000`);
  return containerRun(host, name);
}

/** @returns id, running or not, and since when */
export function containerRun(host: Host, name = "keep"): Promise<string> {
  return host.root(`docker inspect -f '{{.Id}} {{.State.Running}} {{.State.StartedAt}}' ${name}`);
}

async function expectNothingToDo(laptop: Laptop, host: Host, destination: string): Promise<void> {
  const container = await startContainer(host);
  expect(container).toContain(" true ");
  const state = async () =>
    [await daemonRun(host), await containerRun(host), await host.fingerprint(), await laptop.tree()] as const;
  const before = await state();
  const again = await laptop.tetherdock(["up", destination, "--yes"]);
  expect(again).toMatchObject({ status: 0, stderr: expect.stringMatching(/nothing to do\n$/) });
  expect(await state()).toEqual(before);
  await host.root("docker rm -f keep");
}

async function expectBackAfterReboot(laptop: Laptop, host: Host, mode: LineMode): Promise<void> {
  await host.reboot();
  const ps = () => overLine(laptop, host.name, ["ps"]);
  await expect.poll(ps, { timeout: BACK_WITHIN_MS, interval: 200 }).toMatchObject({ status: 0 });
  await expectProven(laptop, host, host.name, mode);
}

async function expectExposesRefused(laptop: Laptop, host: Host): Promise<void> {
  const state = async () => [await daemonRun(host), await host.fingerprint(), await laptop.tree()] as const;
  const before = await state();
  const refused = await laptop.tetherdock(["down", host.name, "--yes", "--json"]);
  expect(refused.status).toBe(3);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "DOWN_EXPOSES" } });
  expect(await state()).toEqual(before);
}

async function expectForgotten(laptop: Laptop): Promise<void> {
  expect(await laptop.tree(), "no key, no certificate").not.toContain(".pem");
  expect(JSON.parse((await laptop.tetherdock(["ls", "--json"])).stdout)).toEqual([]);
}

/** Stages, shows the plan, runs up, proves, runs up again, sometimes reboots, runs down, and compares. */
export async function upAndDown(given: StateCase): Promise<void> {
  const { flavour, release = "bookworm", state, openPort, upFlags = [], mode = "native" } = given;
  const { before, meanwhile } = given;
  await using host = await bootHost({ name: "ud", flavour, release, ...(state ? { state } : {}) });
  const destination = destinationOf(host, given.user);
  await using laptop = await makeLaptop(host.sshConfig);
  const seen = async () => [await exposure(host), await host.fingerprint()] as const;
  const [exposed, fingerprint] = await seen();
  if (openPort) await expectOpen(laptop, host, openPort);
  else expect(exposed, "not open").not.toContain("the engine");
  await before?.(host, laptop);
  await expectFindings(laptop, host, { words: [destination], findings: given.finds });

  const up = await laptop.tetherdock(["up", destination, "--yes", `--${mode}`, ...upFlags]);
  expect(up, up.stderr).toMatchObject({ status: 0, stdout: "" });
  await expectProven(laptop, host, host.name, mode);
  expect(await host.orderingCycles()).toBe("");
  await expectFindings(laptop, host, { words: [], findings: [], mode });
  await meanwhile?.(host, laptop);
  await expectNothingToDo(laptop, host, destination);
  if (given.reboot) await expectBackAfterReboot(laptop, host, mode);

  if (openPort) await expectExposesRefused(laptop, host);
  const down = await laptop.tetherdock(["down", host.name, "--yes", ...(openPort ? ["--reopen"] : [])]);
  expect(down, down.stderr).toMatchObject({ status: 0, stdout: "" });
  const expected = given.failed ? fingerprint.replace(/(?<= enabled )failed$/gm, "inactive") : fingerprint;
  const awake = given.woken
    ? expected.replace(/^(docker\.service {2}\w+) inactive$/m, "$1 active")
    : expected;
  expect(await seen()).toEqual([exposed, awake]);
  if (openPort) await expectOpen(laptop, host, openPort);
  await before?.(host, laptop);
  await expectForgotten(laptop);
}
