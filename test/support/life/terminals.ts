/** Programs of containers on the user's own terminal. */
import { expect, test } from "vitest";
import { dragUntil } from "../follow-size.ts";
import type { Running } from "../running.ts";
import type { Shell } from "./shell.ts";

const CTRL_C = "\u0003";
/** The program after it asks the terminal for the cursor position. */
const PROMPT = /\/ # \S*$/;
const DETACH = "\u0010\u0011"; // Ctrl-P Ctrl-Q

/** The terminal that a script starting with `tty` printed. */
async function deviceOf(terminal: Running): Promise<string> {
  await terminal.until(/\/dev\/pts\/\d+\r\n/);
  return /\/dev\/pts\/\d+/.exec(terminal.text)?.[0] ?? "";
}

/** The output of {@link waitForSize}; it does not occur in the typed text. */
const SIZED = /sized 42\r\n/;

/** For the container's shell: waits until its terminal has this size. */
const waitForSize = (size: string) =>
  `until [ "$(stty size)" = "${size}" ]; do usleep 20000; done; echo sized $((40+2))\n`;

export function terminals(open: () => Shell): void {
  test("exec -it: the terminal's size is the user's, and follows it", async () => {
    const shell = open();
    const name = shell.container();
    await shell.must(`docker run -d --name ${name} tiny sleep 1000`);
    await using terminal = shell.terminal(`tty; exec docker exec -it ${name} sh`);
    const device = await deviceOf(terminal);
    await terminal.until(PROMPT);
    terminal.type(waitForSize("24 100"));
    await terminal.until(SIZED);
    const from = terminal.text.length;
    terminal.type(waitForSize("40 132"));
    await dragUntil(terminal, device, SIZED, from);
    terminal.type("exit 9\n");
    expect((await terminal.ended).status).toBe(9);
    await shell.must(`docker rm -f ${name}`);
  });

  test("run -it: Ctrl-C goes to the program inside, the keys of detaching to the client", async () => {
    const shell = open();
    const name = shell.container();
    await using terminal = shell.terminal(`exec docker run -it --name ${name} tiny sh`);
    await terminal.until(PROMPT);
    // a separate program reports that it runs: between its line and a fork the shell would swallow the key
    terminal.type("sh -c 'echo asleep $((40+2)); exec sleep 1000'\n");
    const asleep = await terminal.until(/asleep 42\r\n/);
    terminal.type(CTRL_C);
    const awake = await terminal.until(PROMPT, { from: asleep });
    terminal.type("echo alive $((40+2))\n");
    await terminal.until(/alive 42\r\n/, { from: awake });
    terminal.type(DETACH);
    expect((await terminal.ended).status).toBe(0);
    expect(await shell.must(`docker inspect -f '{{.State.Status}}' ${name}`)).toBe("running");
    await using again = shell.terminal(`exec docker attach ${name}`);
    again.type("exit 8\n");
    expect((await again.ended).status).toBe(8);
  });

  test("Ctrl-C of docker run without a terminal inside: the container gets the signal, the user its status", async () => {
    const shell = open();
    const name = shell.container();
    const trap = `trap "echo interrupted; exit 7" INT; echo ready; sleep 1000 & wait`;
    await using terminal = shell.terminal(`exec docker run --name ${name} tiny sh -c '${trap}'`);
    await terminal.until(/ready\r\n/);
    terminal.type(CTRL_C);
    expect(await terminal.ended).toMatchObject({
      status: 7,
      text: expect.stringContaining("interrupted\r\n"),
    });
    expect(await shell.must(`docker inspect -f '{{.State.ExitCode}}' ${name}`)).toBe("7");
  });
}
