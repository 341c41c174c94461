/** The ssh destination that the user types: `[user@]host` or `ssh://[user@]host[:port]`, as ssh(1) takes it. */
import { TetherdockError } from "../base/index.ts";

/** Taken apart only for messages and for a default name; ssh itself gets the text as it was typed. */
export interface Destination {
  /** As typed. */
  readonly text: string;
  readonly host: string;
}

/** @throws USAGE for what ssh would take as an option, or could not take at all */
export function parseDestination(text: string): Destination {
  const match =
    /^(?:ssh:\/\/)?(?:[^@\s/-][^@\s/]*@)?(\[[0-9a-fA-F:.%]+\]|[^\s@:/[\]-][^\s@:/[\]]*)(:\d+)?\/?$/.exec(
      text,
    );
  const withPort = match?.[2] !== undefined;
  const bareV6 = /^(?:[^@\s/-][^@\s/]*@)?([0-9a-fA-F]*:[0-9a-fA-F:.]+)$/.exec(text);
  if (match && (!withPort || text.startsWith("ssh://")))
    return { text, host: (match[1] ?? "").replace(/^\[|\]$/g, "") };
  if (bareV6) return { text, host: bareV6[1] ?? "" };
  throw new TetherdockError("USAGE", `cannot read the ssh destination "${text}"`, {
    hints: withPort
      ? [`tetherdock up ssh://${text}`]
      : ["tetherdock up user@host", "tetherdock up ssh://user@host:2222"],
  });
}

/**
 * The name of a line when none is given: the host's first label, or its address with dashes.
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
