/** The host's shell, here on this machine: what goes through its standard input beside commands. */
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Foreign, TetherdockError } from "../../src/base/index.ts";
import { ProcessHostShell } from "../../src/system/ssh/host-shell.ts";

const WITHIN_MS = 20_000;
// Lines of it would be commands, were they to reach the shell.
const BYTES = Buffer.concat(
  Array.from({ length: 3000 }, (_, at) => Buffer.from(`\ntouch escaped; exit ${at}\0`)),
);

let folder = "";
let shell: ProcessHostShell;

function open(): Promise<ProcessHostShell> {
  return ProcessHostShell.open({
    // The scripts run in a folder of their own, whatever the machine's sh is: dash reads ahead, and it is Debian's.
    command: () => ["/bin/sh", "-c", `cd ${folder} && eval "$1"`, "sh"],
    destination: "this machine",
    askPassword: null,
    signal: new AbortController().signal,
    connectFailure: (status, stderr) => {
      throw new Error(`no shell: ${status} ${stderr}`);
    },
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tetherdock-shell-"));
  shell = await open();
});
afterEach(async () => {
  await shell.close();
  await rm(folder, { recursive: true });
});

async function* inPieces(bytes: Buffer, size = 1000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const payload = (bytes = BYTES) => ({ bytes: bytes.length, read: () => inPieces(bytes) });

test("a payload arrives byte for byte, and the next script runs as a script", async () => {
  const packed = gzipSync(BYTES);
  const sent = await shell.send("gzip -dc >arrived", payload(packed), WITHIN_MS);
  expect(sent).toEqual({ status: 0, stdout: "", stderr: new Foreign("") });
  expect(await readFile(join(folder, "arrived"))).toEqual(BYTES);
  expect(await shell.run("echo still here")).toMatchObject({ status: 0, stdout: "still here\n" });
});

test.each([
  ["reads nothing", "exit 7"],
  ["stops in the middle", "head -c 5000 >/dev/null; exit 7"],
  ["takes it for what it is not", "gzip -dc || exit 7"],
])("a script that %s reports its status, and nothing of the payload is run", async (_what, script) => {
  expect(await shell.send(script, payload(), WITHIN_MS)).toMatchObject({ status: 7 });
  expect(await shell.run("ls")).toMatchObject({ status: 0, stdout: "" });
});

test("a payload larger than any buffer waits for a slow reader", async () => {
  const large = Buffer.alloc(20_000_000, "x");
  const slow = "n=0; while [ $n -lt 20 ]; do head -c 100000 >/dev/null; n=$((n+1)); done; wc -c";
  const { stdout } = await shell.send(slow, payload(large), WITHIN_MS);
  expect(Number(stdout)).toBe(18_000_000);
});

test("at the timeout the connection is dropped, and the amount that arrived is unknown", async () => {
  const never = { bytes: 10, read: () => inPieces(Buffer.from("five!")) };
  await expect(shell.send("cat >/dev/null", never, 300)).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
  await expect(shell.run("echo")).rejects.toMatchObject({ code: "HOST_CONNECTION_LOST" });
});

test.each([
  ["is closed", () => shell.close()],
  [
    "is lost while something is sent",
    () => shell.send("cat", { bytes: 9, read: () => inPieces(Buffer.from("x")) }, 300),
  ],
])("what was left for the end is done when the connection %s", async (_what, end) => {
  shell.atEnd("rm -f left-over");
  await shell.run(": >left-over");
  await end()?.catch(() => undefined);
  await expect
    .poll(() =>
      access(join(folder, "left-over")).then(
        () => "there",
        () => "gone",
      ),
    )
    .toBe("gone");
});

const openWith = (command: (arrival: string) => readonly string[]) =>
  ProcessHostShell.open({
    command,
    destination: "me@box",
    askPassword: null,
    signal: new AbortController().signal,
    connectFailure: (status, stderr) => new TetherdockError("SSH_FAILED", `${status}`, { why: [stderr] }),
    times: { arrivalMs: 60_000, loginMs: 200 },
  });

test("a login shell that asks instead of running our command is given up, and its output is shown", async () => {
  const menu = join(folder, "menu");
  await writeFile(
    menu,
    "#!/bin/sh\neval \"$1\"\nwhile :; do echo '1) \u001b[2Jbackup'; read answer; done\n",
    {
      mode: 0o755,
    },
  );
  await expect(openWith((arrival) => [menu, arrival.replace("exec ", "")])).rejects.toMatchObject({
    code: "HOST_TIMEOUT",
    why: expect.arrayContaining(['it says "1) \\x1b[2Jbackup"']),
    hints: expect.arrayContaining(["ssh -T me@box 'echo it works'"]),
  });
});

/** A login shell that is a hostile host's: it says whatever a login with sudo would say, in its own time. */
function openLiar(afterwards: string, askPassword: (() => Promise<string>) | null) {
  const greeting =
    'm=$(printf %s "$1" | sed -E "s/.*echo (tetherdock-[-0-9a-f]+) uid.*/\\1/"); echo "$m uid 1000 ::1"';
  const script = `${greeting}; echo "$m sudo no"; ${afterwards}`;
  return ProcessHostShell.open({
    command: () => ["/bin/sh", "-c", script, "sh"],
    destination: "me@box",
    askPassword,
    signal: new AbortController().signal,
    connectFailure: (status, stderr) => new TetherdockError("SSH_FAILED", `${status}`, { why: [stderr] }),
    times: { sudoMs: 300 },
  });
}

test("a sudo that never answers is given up, before the password and after it", async () => {
  await expect(openLiar("echo '\x1b[2Jwait' >&2; cat >/dev/null", null)).rejects.toMatchObject({
    code: "HOST_TIMEOUT",
    message: "sudo on me@box did not answer within 0.3 s",
    why: ['it says "\\x1b[2Jwait"'],
  });
  await expect(
    openLiar('echo "$m password" >&2; cat >/dev/null', async () => "tether"),
  ).rejects.toMatchObject({
    code: "HOST_TIMEOUT",
  });
});

test("a host that asks for the password again and again asks ten times", async () => {
  let asked = 0;
  const asks = 'while echo "$m password" >&2 && read answer; do :; done';
  const ask = async () => {
    asked += 1;
    return "tether";
  };
  await expect(openLiar(asks, ask)).rejects.toMatchObject({ code: "SUDO_DENIED" });
  expect(asked).toBe(10);
});

test("a host with endless output is given up before it fills the memory", async () => {
  await expect(openWith(() => ["sh", "-c", "yes 'no shell for you'"])).rejects.toMatchObject({
    code: "SSH_FAILED",
  });
});

test("endless output after the greeting is reported as such", async () => {
  await expect(shell.run("yes")).rejects.toMatchObject({
    code: "HOST_CONNECTION_LOST",
    why: ["it sent more output than tetherdock accepts"],
  });
  shell = await open();
});

test("the host's stderr is shown without our own markers", async () => {
  const late = await openWith((arrival) => ["sh", "-c", `${arrival.replace("exec ", "")}; eval "$1"`, "sh"]);
  expect((await late.run("echo words >&2")).stderr).toEqual(new Foreign("words\n"));
  await late.close();
});
