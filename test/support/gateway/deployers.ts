/** Clients of a gateway with the role deployer, each with a key of its own. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { ApiCaller } from "./api-caller.ts";
import type { GatewayLine } from "./line-on-host.ts";

export interface Person {
  /** For docker clients. */
  readonly env: Record<string, string>;
  readonly api: ApiCaller;
}

/** Adds a client by the public key in the folder. */
export async function addDeployer(
  line: GatewayLine,
  name: string,
  folder: string,
  out = folder,
): Promise<void> {
  const key = ["--public-key", join(folder, "pub.pem"), "--out", out];
  const added = await line.laptop.tetherdock(["client", "add", name, "--role", "deployer", ...key]);
  expect(added, added.stderr).toMatchObject({ status: 0 });
}

/** Creates a client's key in its folder, and adds the client. */
export async function enrolDeployer(line: GatewayLine, name: string): Promise<Person> {
  const folder = join(line.laptop.folder, name);
  await mkdir(folder);
  const made = await line.laptop.bash(
    `cd ${folder}; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
    openssl pkey -in key.pem -pubout -out pub.pem`,
  );
  expect(made.status, made.stderr).toBe(0);
  await addDeployer(line, name, folder);
  const read = (file: string) => readFile(join(folder, file), "utf8");
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  const api = new ApiCaller({ host: line.host.ip, port: 2376, ca, cert, key });
  return { env: { ...line.env, DOCKER_CERT_PATH: folder }, api };
}
