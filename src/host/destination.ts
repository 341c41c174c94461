/**
 * The ssh destination that the user types: `[user@]host` or `ssh://[user@]host[:port]`, as ssh(1) takes it, and with an
 * IPv6 address in brackets, which ssh(1) does not take.
 */
import { shellJoin, TetherdockError } from "../base/index.ts";

/** Parsed only for messages and for a default name; ssh itself gets the typed text. */
export interface Destination {
  /** As typed; an IPv6 address without the brackets where no port follows it. See {@link sshArguments}. */
  readonly text: string;
  readonly host: string;
}

function whyNot(text: string, port: number | null): string[] {
  if (port !== null && (port < 1 || port > 65535)) return [`${port} is not a TCP port`];
  // ssh would ignore it, and we would store it in the line's file.
  return /^(?:ssh:\/\/)?[^@\s/]*:[^@\s/]*@/.test(text)
    ? ["do not write a password in it: ssh asks for one"]
    : [];
}

/** @throws USAGE for text that ssh would read as an option, or could not use at all */
export function parseDestination(text: string): Destination {
  const match =
    /^(?:ssh:\/\/)?(?:[^@\s/-][^@\s/]*@)?(\[[0-9a-fA-F:.%]+\]|[^\s@:/[\]-][^\s@:/[\]]*)(:\d+)?\/?$/.exec(
      text,
    );
  const port = match?.[2] === undefined ? null : Number(match[2].slice(1));
  const why = whyNot(text, port);
  const bareV6 = /^(?:[^@\s/-][^@\s/]*@)?([0-9a-fA-F]*:[0-9a-fA-F:.]+)$/.exec(text);
  const asUrl = text.startsWith("ssh://");
  if (match && why.length === 0 && (port === null || asUrl)) {
    const host = (match[1] ?? "").replace(/^\[|\]$/g, "");
    const isBare = match[1] !== host && port === null;
    return { text: isBare ? text.replace(/^ssh:\/\/|\/$|[[\]]/g, "") : text, host };
  }
  if (bareV6 && why.length === 0) return { text, host: bareV6[1] ?? "" };
  const shown = text.replace(/:[^@\s/]*@/, ":…@");
  throw new TetherdockError("USAGE", `cannot read the ssh destination "${shown}"`, {
    why,
    hints:
      port !== null && !asUrl && why.length === 0
        ? [`tetherdock up ssh://${text}`]
        : ["tetherdock up user@host", "tetherdock up ssh://user@host:2222"],
  });
}

/** An IPv6 address with a port, which ssh(1) takes in two words. */
function inTwoWords(text: string) {
  const [, user = "", host, port = ""] = /^ssh:\/\/([^@]*@)?\[([^\]]+)\]:(\d+)\/?$/.exec(text) ?? [];
  return host === undefined ? null : { port, where: user + host };
}

/** @returns what ssh(1) is given for a destination, after its options */
export function sshArguments(text: string): string[] {
  const split = inTwoWords(text);
  return split ? ["-p", split.port, "--", split.where] : ["--", text];
}

/** @returns the command that a user types, for hints */
export function sshCommand(
  text: string,
  { options = [], run = [] }: { readonly options?: readonly string[]; readonly run?: readonly string[] } = {},
): string {
  const split = inTwoWords(text);
  const where = split ? ["-p", split.port, split.where] : [text];
  return shellJoin(["ssh", ...options, ...where, ...run]);
}

/**
 * The default name of a line: the host's first label, or its address with dashes.
 * @param host DNS name or IP address
 */
export function defaultLineName(host: string): string {
  const isAddress = /^[\d.]+$|:/.test(host);
  const base = isAddress ? host.replace(/[.:]+/g, "-") : (host.split(".")[0] ?? "");
  const name = base
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "host" : name.slice(0, 63);
}
