/** The real world of a command, made from this process. */
import { homedir } from "node:os";
import { isatty } from "node:tty";
import { dockerHome, type Environment, tetherdockHome } from "../line/index.ts";
import { createLineStore } from "../system/files/line-store.ts";
import type { Context, Output, Terminal } from "./context.ts";
import { createInterrupt } from "./interrupt.ts";
import { askKeyPassphrase } from "./lines/key-passphrase.ts";
import { unlockingStore } from "./lines/unlocking-store.ts";
import { openStderr, openStdout } from "./output/output.ts";
import { createPrompts } from "./output/prompts.ts";
import { allowsColour } from "./output/style.ts";

/** What files and pipes get. */
const PLAIN_COLUMNS = 80;

/** A service's dynamic user has no home directory, and its commands need none. */
function findHome(): string {
  try {
    return homedir();
  } catch {
    return "/";
  }
}

function findTerminal(env: NodeJS.ProcessEnv): Terminal {
  const [stdin, stdout, stderr] = [isatty(0), isatty(1), isatty(2)];
  const colour = { stdout: allowsColour(stdout, env), stderr: allowsColour(stderr, env) };
  return {
    stdin,
    stdout,
    stderr,
    colour,
    // Asked only by who lays text out: opening the stream costs a millisecond.
    get columns() {
      // A terminal without a known size reports 0.
      return process.stdout.columns || PLAIN_COLUMNS;
    },
  };
}

/** stricli writes help to its stdout; what it writes to stderr we have kept as failures. */
function stricliProcess(stdout: Output, terminal: Terminal): Context["process"] {
  const getColorDepth = () => (terminal.colour.stdout ? 4 : 1);
  return { stdout: { write: (text) => stdout.data(text), getColorDepth }, stderr: { write: () => {} } };
}

/** @param setExitStatus receives what a command sets */
export function createContext(setExitStatus: (status: number) => void): Context {
  const { env, platform } = process;
  const environment: Environment = { env, platform, home: findHome(), cwd: process.cwd() };
  const terminal = findTerminal(env);
  const stdout = openStdout();
  const interrupt = createInterrupt();
  const prompts = createPrompts(terminal, () => interrupt.signal());
  return {
    ...environment,
    process: stricliProcess(stdout, terminal),
    stdout,
    stderr: openStderr(),
    clock: Date.now,
    terminal,
    prompts,
    lines: unlockingStore(createLineStore(tetherdockHome(environment)), (line) =>
      askKeyPassphrase({ env, prompts }, line),
    ),
    contexts: async () => {
      const { createContextStore } = await import("../system/files/context-store.ts");
      return createContextStore(dockerHome(environment));
    },
    setExitStatus,
    // Not taken over until asked for: a command that never looks dies of Ctrl-C as it should.
    get signal() {
      return interrupt.signal();
    },
  };
}
