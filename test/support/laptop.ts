/**
 * A laptop for tests: a separate folder for tetherdock and the docker CLI, and an `ssh` first in PATH that knows the
 * test hosts (OpenSSH does not use $HOME). Nothing of the machine's own user is read or written.
 */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { MAIN } from "./program.ts";
import { type Output, run } from "./run.ts";
import { Running } from "./running.ts";
import { treeOf } from "./tree.ts";
import { withoutWaits } from "./waits.ts";

/** A fresh Debian has this one, whatever else the machine has. */
const DOCKER = "/usr/bin/docker";

/** Options that may differ between two commands on one laptop. */
export interface CommandOptions {
  /** Overrides the laptop's own; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** `await using laptop = await makeLaptop(host.sshConfig)` removes it at the block's end. */
export class Laptop implements AsyncDisposable {
  readonly folder: string;
  /** TETHERDOCK_HOME; does not exist before something writes it. */
  readonly home: string;
  /** DOCKER_CONFIG. */
  readonly dockerConfig: string;
  /** First in PATH; put programs here to override the machine's. */
  readonly bin: string;
  /** For `ssh -F`: the test hosts, and the lines that {@link configureSsh} put before them. */
  readonly sshConfig: string;
  readonly env: Readonly<Record<string, string | undefined>>;

  constructor(folder: string) {
    this.folder = folder;
    this.home = join(folder, "tetherdock");
    this.dockerConfig = join(folder, "docker");
    this.bin = join(folder, "bin");
    this.sshConfig = join(folder, "ssh_config");
    const { PATH, LANG = "C.UTF-8" } = process.env;
    this.env = {
      PATH: [this.bin, dirname(process.execPath), PATH].join(delimiter),
      LANG,
      HOME: folder,
      SHELL: "/bin/bash",
      TERM: "xterm",
      TETHERDOCK_HOME: this.home,
      DOCKER_CONFIG: this.dockerConfig,
    };
  }

  #spawning({ env = {}, input = "" }: CommandOptions) {
    return { input, env: { ...this.env, ...env }, cwd: this.folder, detached: true };
  }

  /**
   * Runs any program in this laptop's environment to its end, without a terminal, so that nothing can ask. Omits
   * tetherdock's waiting messages.
   */
  async run(argv: readonly [string, ...string[]], options: CommandOptions = {}): Promise<Output> {
    const { input, ...spawning } = this.#spawning(options);
    const output = await run(argv, input, spawning);
    return { ...output, stderr: withoutWaits(output.stderr) };
  }

  tetherdock(args: readonly string[], options: CommandOptions = {}): Promise<Output> {
    return this.run([process.execPath, MAIN, ...args], options);
  }

  /** Debian's docker CLI. */
  docker(args: readonly string[], options: CommandOptions = {}): Promise<Output> {
    return this.run([DOCKER, ...args], options);
  }

  /** A script for bash, for commands that users type: `eval "$(tetherdock env)"`. `tetherdock` is in its PATH. */
  bash(script: string, options: CommandOptions = {}): Promise<Output> {
    return this.run(["/bin/bash", "--norc", "-euc", script], options);
  }

  /** Starts tetherdock without a terminal, for a test that does something in the meantime; its ssh ends with it. */
  start(args: readonly string[], { env = {} }: Pick<CommandOptions, "env"> = {}): Running {
    const spawning = { ...this.#spawning({ env }), group: true };
    return new Running([process.execPath, MAIN, ...args], spawning);
  }

  /** Starts a script for bash without a terminal, in its own process group, so that its children end with it. */
  startBash(script: string, { env = {} }: Pick<CommandOptions, "env"> = {}): Running {
    const spawning = { ...this.#spawning({ env }), group: true };
    return new Running(["/bin/bash", "--norc", "-euc", script], spawning);
  }

  /** Starts a program on its own terminal (script of bsdutils): a test can watch it and type. */
  pty(command: string, { env = {} }: Pick<CommandOptions, "env"> = {}): Running {
    return new Running(
      ["script", "-qefc", `stty rows 24 cols 100; exec ${command}`, "/dev/null"],
      this.#spawning({ env }),
    );
  }

  /** Lines for ssh's configuration, before the test hosts' own. */
  async configureSsh(lines: string): Promise<void> {
    const hosts = await run(["cat", this.sshConfig]);
    await writeFile(this.sshConfig, `${lines}\n${hosts.stdout}`);
  }

  /** TETHERDOCK_HOME as text: every path, mode and content; equal before and after means unchanged. */
  tree(): Promise<string> {
    return treeOf(this.home);
  }

  /** Overrides a program of the machine. */
  async program(name: string, script: string): Promise<void> {
    await writeFile(join(this.bin, name), script, { mode: 0o755 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** @param sshConfig a test host's; it knows all running hosts */
export async function makeLaptop(sshConfig: string): Promise<Laptop> {
  const laptop = new Laptop(await mkdtemp(join(tmpdir(), "tetherdock-laptop-")));
  await mkdir(laptop.bin);
  await mkdir(laptop.dockerConfig);
  await appendFile(laptop.sshConfig, `Match all\nInclude ${sshConfig}\n`);
  await laptop.program("ssh", `#!/bin/sh\nexec /usr/bin/ssh -F ${laptop.sshConfig} "$@"\n`);
  await laptop.program("tetherdock", `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
  return laptop;
}
