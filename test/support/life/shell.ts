/** A user's shell whose `docker` uses a line, by one of the ways. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../host.ts";
import type { Laptop } from "../laptop.ts";
import type { Output } from "../run.ts";
import type { Running } from "../running.ts";
import type { Way } from "./ways.ts";

const FIRST_PORT = 8080;
let made = 0;

export class Shell {
  readonly host: Host;
  readonly laptop: Laptop;
  readonly #preamble: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(
    laptop: Laptop,
    host: Host,
    { preamble, env }: { preamble: string; env: Record<string, string> },
  ) {
    this.laptop = laptop;
    this.host = host;
    this.#preamble = preamble;
    this.#env = env;
  }

  #script(script: string): string {
    return `${this.#preamble}\n${script}`;
  }

  /** Runs a bash script to its end; stops at the first command that fails. */
  run(script: string, input = ""): Promise<Output> {
    return this.laptop.bash(this.#script(script), { env: this.#env, input });
  }

  /** Like {@link run}, for steps that must succeed. @returns stdout, trimmed */
  async must(script: string): Promise<string> {
    const { stdout, stderr, status } = await this.run(script);
    if (status !== 0) throw new Error(`${script}: exit status ${status}\n${stderr}${stdout}`);
    return stdout.trim();
  }

  /** Starts a script without a terminal; its input stays open. */
  start(script: string): Running {
    return this.laptop.startBash(this.#script(script), { env: this.#env });
  }

  /** Starts a script on a terminal of 24 lines and 100 columns. */
  terminal(script: string): Running {
    const env = { ...this.#env, SCRIPT: this.#script(script) };
    return this.laptop.pty('/bin/bash --norc -euc "$SCRIPT"', { env });
  }

  /** A name for a container that no other test has. */
  container(): string {
    return `c${++made}`;
  }

  /** A port that no other test publishes. */
  port(): number {
    return FIRST_PORT + ++made;
  }
}

/** A shell for one of the ways, with its own docker configuration, so that the ways do not affect each other. */
export async function openShell(laptop: Laptop, host: Host, way: Way): Promise<Shell> {
  const folder = join(laptop.folder, way.name.replaceAll(/\W+/g, "-"));
  await mkdir(join(folder, "docker-config"), { recursive: true });
  for (const [name, command] of Object.entries({ docker: way.docker, "docker-compose": way.compose }))
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:${laptop.env["PATH"]}`, DOCKER_CONFIG: join(folder, "docker-config") };
  const shell = new Shell(laptop, host, { preamble: way.preamble, env });
  await shell.must(way.once);
  return shell;
}
