/**
 * A native line with two other clients, one of whom is to be revoked; and what must be true after that was interrupted: the old CA,
 * with everybody, or the new one, without who is revoked and with a file for who is not. No file is half written.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { authorityKeys } from "../../src/pki/index.ts";
import { bootHost, type Host } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";
import { joinNativeAs } from "./native-client.ts";
import { daemonRun, destinationOf } from "./up-and-down.ts";

const HOST_FILES = "/etc/tetherdock/ca.pem /etc/tetherdock/server-cert.pem";

const ps = (one: Laptop) => one.tetherdock(["run", "--", "docker", "ps", "-q"]);

export class RevokeStage implements AsyncDisposable {
  readonly host: Host;
  readonly laptop: Laptop;
  readonly eva: Laptop;
  readonly bob: Laptop;
  /** Key of the CA in the beginning. */
  #old = "";

  private constructor(host: Host, laptop: Laptop, eva: Laptop, bob: Laptop) {
    this.host = host;
    this.laptop = laptop;
    this.eva = eva;
    this.bob = bob;
  }

  static async make(name: string): Promise<RevokeStage> {
    await using made = new AsyncDisposableStack();
    const host = made.use(await bootHost({ name }));
    const laptop = made.use(await makeLaptop(host.sshConfig));
    const up = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
    expect(up, up.stderr).toMatchObject({ status: 0 });
    const eva = made.use(await joinNativeAs("eva@desk", laptop, host));
    const bob = made.use(await joinNativeAs("bob@desk", laptop, host));
    expect(await laptop.tetherdock(["context", "create", host.name])).toMatchObject({ status: 0 });
    const stage = new RevokeStage(host, laptop, eva, bob);
    await stage.#save();
    made.move();
    return stage;
  }

  /** @param within seconds until the host undoes what is not confirmed */
  command(within: number): string[] {
    const what = ["up", destinationOf(this.host), "--new-ca", "--revoke", "bob@desk"];
    return [...what, "--confirm-within", `${within}s`, "--yes"];
  }

  async #save(): Promise<void> {
    for (const one of [this.laptop, this.eva])
      expect(
        await one.bash(
          'mkdir -p ~/before "$DOCKER_CONFIG" && cp -a "$TETHERDOCK_HOME/lines" "$DOCKER_CONFIG" ~/before/',
        ),
      ).toMatchObject({ status: 0 });
    await this.host.root(`mkdir -p /root/before && cp -a ${HOST_FILES} /root/before/`);
    [this.#old = ""] = await this.#keyHere();
  }

  /** As it was, on all sides. */
  async restore(): Promise<void> {
    const own = '"$TETHERDOCK_HOME/lines" "$DOCKER_CONFIG"';
    const back = `rm -rf ${own} && cp -a ~/before/lines "$TETHERDOCK_HOME/" && cp -a ~/before/docker "$DOCKER_CONFIG"`;
    for (const one of [this.laptop, this.eva]) expect(await one.bash(back)).toMatchObject({ status: 0 });
    // So many restarts would be too many for systemd.
    await this.host.root(
      "cp -a /root/before/*.pem /etc/tetherdock/ && systemctl reset-failed docker.service && systemctl restart docker.service",
    );
  }

  async #keyHere(): Promise<readonly string[]> {
    return authorityKeys(
      await readFile(join(this.laptop.home, "lines", this.host.name, "docker/ca.pem"), "utf8"),
    );
  }

  async #keyThere(): Promise<readonly string[]> {
    return authorityKeys(await this.host.root("cat /etc/tetherdock/ca.pem"));
  }

  async #requireWhole(label: string): Promise<void> {
    for (const folder of [this.laptop.home, join(this.laptop.dockerConfig, "contexts/tls")])
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile()) expect((await stat(path)).mode & 0o777, `${label}: ${path}`).toBe(0o600);
      }
    const left = "find /etc/tetherdock/server-key.pem -not -perm 0600; find /etc/tetherdock -name '*-new'";
    expect(await this.host.root(left), label).toBe("");
  }

  /** `up` ends what was interrupted. @returns whether with the new CA */
  async ends(label: string): Promise<boolean> {
    const { host, laptop, eva, bob } = this;
    const asLeft = await this.#keyThere();
    const run = await daemonRun(host);
    const again = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
    expect(again.status, `${label}\n${again.stderr}`).toBe(0);
    await this.#requireWhole(label);
    const [key = ""] = await this.#keyThere();
    expect(await this.#keyHere(), label).toEqual([key]);
    expect(await ps(laptop), label).toMatchObject({ status: 0 });
    expect(await laptop.docker(["--context", host.name, "ps", "-q"]), label).toMatchObject({ status: 0 });
    if (key === this.#old) {
      for (const one of [eva, bob]) expect(await ps(one), label).toMatchObject({ status: 0 });
      return false;
    }
    expect([asLeft, await daemonRun(host)], `${label}: no second restart`).toEqual([[key], run]);
    expect(await ps(bob), label).toMatchObject({ status: 1 });
    const file = join(laptop.home, "lines", host.name, "reissued/eva@desk.pem");
    const taken = await eva.tetherdock(["renew", host.name, "--certificate", file]);
    expect(taken.status, `${label}\n${taken.stderr}`).toBe(0);
    expect(await ps(eva), label).toMatchObject({ status: 0 });
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of [this.bob, this.eva, this.laptop, this.host]) await one[Symbol.asyncDispose]();
  }
}
