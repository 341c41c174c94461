/** Clients of a gateway, each with a key of its own. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Release } from "../host.ts";
import { type Laptop, makeLaptop } from "../laptop.ts";
import type { Output } from "../run.ts";
import { ApiCaller } from "./api-caller.ts";
import { type GatewayLine, openGatewayLine } from "./line-on-host.ts";

export interface Person {
  /** For docker clients. */
  readonly env: Record<string, string>;
  readonly api: ApiCaller;
}

/** Creates a key. @returns its folder, which has `pub.pem` too */
export async function makeKey(laptop: Laptop, name: string): Promise<string> {
  const folder = join(laptop.folder, name);
  await mkdir(folder);
  const made = await laptop.bash(
    `cd ${folder}; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
    openssl pkey -in key.pem -pubout -out pub.pem`,
  );
  expect(made.status, made.stderr).toBe(0);
  return folder;
}

/** The words that add a client by the public key in a folder. */
export function addingFrom(folder: string, name: string, role: string, out = folder): string[] {
  return ["client", "add", name, "--role", role, "--public-key", join(folder, "pub.pem"), "--out", out];
}

/** Who has the certificates in a folder; without one, the admin who set the line up. */
export async function personOf(line: GatewayLine, folder = line.certPath): Promise<Person> {
  const api = new ApiCaller(await line.keys(folder));
  return { env: { ...line.env, DOCKER_CERT_PATH: folder }, api };
}

/** Creates a client's key in its folder, and adds the client. */
export async function enrol(
  line: GatewayLine,
  name: string,
  role: string,
  ...options: readonly string[]
): Promise<Person> {
  const folder = await makeKey(line.laptop, name);
  const added = await line.laptop.tetherdock([...addingFrom(folder, name, role), ...options]);
  expect(added, added.stderr).toMatchObject({ status: 0, stdout: "" });
  return personOf(line, folder);
}

/** Invites a client, who joins on a laptop of their own that knows no host by ssh. The caller disposes of it. */
export async function joinedLaptop(line: GatewayLine, name: string, role: string): Promise<Laptop> {
  const laptop = await makeLaptop("/dev/null");
  const { stdout } = await line.laptop.tetherdock(["client", "invite", name, "--role", role]);
  const joined = await laptop.tetherdock(["join", "-"], { input: stdout });
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  return laptop;
}

/** A host of a release, with a gateway that has an admin and two deployers. */
export interface Company {
  readonly line: GatewayLine;
  readonly admin: Person;
  readonly dora: Person;
  readonly dan: Person;
}

/** @param state a file of test/hosts/states that the host is in */
export async function openCompany(name: string, release: Release, state?: string): Promise<Company> {
  const line = await openGatewayLine(name, { release, ...(state !== undefined && { state }) });
  const admin = await personOf(line);
  const dora = await enrol(line, "dora@desk", "deployer");
  return { line, admin, dora, dan: await enrol(line, "dan@desk", "deployer") };
}

/** Expects exit status 0. @param command for messages @returns what was printed */
export async function outputOf(running: Promise<Output>, command: string): Promise<string> {
  const { status, stdout, stderr } = await running;
  expect(status, `${command}\n${stderr}`).toBe(0);
  return stdout;
}
