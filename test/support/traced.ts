/** What a program hands to the kernel, by strace: its arguments, environment, and the bytes that it writes and sends. */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

const CALLS =
  "execve,openat,creat,write,writev,pwrite64,pwritev,sendto,sendmsg,sendmmsg,rename,renameat,renameat2,link,linkat";

/**
 * Before a command.
 * @param output the trace
 * @param isDetached the command keeps its process id, and gets the signals; the trace may be complete a moment later
 */
export function tracing(output: string, isDetached = false): readonly string[] {
  const options = ["-f", "-y", "-v", "-xx", "-s", "1000000", "--seccomp-bpf", "-e", `trace=${CALLS}`];
  return ["strace", ...(isDetached ? ["-D"] : []), ...options, "-o", output];
}

/** One system call, decoded; line breaks are left out, so that wrapped base64 is found. */
export interface Call {
  readonly name: string;
  /** Bytes as latin1, and strace's own words around them. */
  readonly text: string;
  /** What it writes to: a path, or `socket:[…]`, `UNIX…`, `TCP…`, `pipe:[…]`. Empty: it has no descriptor. */
  readonly to: string;
  readonly fd: number;
  readonly pid: string;
}

const decode = (text: string): string =>
  text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

export function readTrace(path: string): readonly Call[] {
  const calls: Call[] = [];
  for (const line of readFileSync(path, "latin1").split("\n")) {
    const [, pid = "", name = "", rest = ""] = /^(\d+)\s+(\w+)\((.*)$/.exec(line) ?? [];
    if (name === "") continue;
    const [, fd = "-1", to = ""] = /^(\d+)<((?:[^>\\]|\\.)*)>/.exec(rest) ?? [];
    calls.push({ name, pid, fd: Number(fd), to: decode(to), text: decode(rest).replaceAll(/[\r\n]/g, "") });
  }
  return calls;
}

/** Modes with which files were made, by path. */
export function modesOf(calls: readonly Call[]): ReadonlyMap<string, number> {
  const made = calls.flatMap(({ name, text }) => {
    const [, path, mode] = /^[^,]*, "([^"]*)", [A-Z_|]*O_CREAT[A-Z_|]*, (0[0-7]*)/.exec(text) ?? [];
    return name === "openat" && path !== undefined ? [[path, Number.parseInt(mode ?? "0", 8)] as const] : [];
  });
  return new Map(made);
}

/** The texts in which 32 bytes or more may appear: as they are, in hex, and in base64 at each alignment. */
export function formsOf(bytes: Buffer): readonly string[] {
  const encoded = [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    // Only the characters that nothing but these bytes decides.
    return [shifted.toString("base64"), shifted.toString("base64url")].map((text) => text.slice(4, 40));
  });
  return [bytes.toString("latin1").replaceAll(/[\r\n]/g, ""), bytes.toString("hex"), ...encoded];
}

/** The number that is the secret of an elliptic curve's key. */
export const scalarOf = (pem: string): Buffer =>
  Buffer.from(createPrivateKey(pem).export({ format: "jwk" }).d ?? "", "base64url");
