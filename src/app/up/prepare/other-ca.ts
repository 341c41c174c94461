/**
 * `ca/other-ca.pem` of a line: the CA that is to replace the line's, with its key; or the one that was replaced, whose
 * certificates are still valid for clients. One file, so that whatever is in it belongs together.
 */
import { json, TetherdockError } from "../../../base/index.ts";
import { readClientName } from "../../../identity/index.ts";
import { formatBundle, readBundle } from "../../../pki/index.ts";
import { MOST_REVOKED } from "../request.ts";

/** A CA that is offered to clients, or about to be. PEM. */
export interface NextCa {
  readonly kind: "next";
  readonly certificate: string;
  /** PKCS#8, encrypted as the line's CA key is. */
  readonly privateKey: string;
  /** Signed by the CA that it replaces. */
  readonly cross: string;
  /** The CA that it replaces. */
  readonly old: string;
  /** In native mode it takes the old one's place at once, and these clients get no certificate of it. */
  readonly revokes?: readonly string[];
}

export interface FormerCa {
  readonly kind: "former";
  readonly certificate: string;
  /** When the last certificate ends that it can have signed, ms since the epoch. */
  readonly until: number;
}

export type OtherCa = NextCa | FormerCa;

const KEY = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----[^-]+-----END (ENCRYPTED )?PRIVATE KEY-----\n?/;
const UNTIL = /^replaced; its certificates are valid until (\S+)\n/;

const AT_ONCE = /^replaces the CA at once; revokes (\[.*\])\n/;
const readRevoked = json.list(readClientName, MOST_REVOKED);

export function formatOtherCa(other: OtherCa): string {
  if (other.kind === "former") {
    const until = new Date(other.until).toISOString();
    return `replaced; its certificates are valid until ${until}\n${other.certificate}`;
  }
  const { certificate, old, cross, privateKey, revokes } = other;
  const head = revokes === undefined ? "" : `replaces the CA at once; revokes ${JSON.stringify(revokes)}\n`;
  return `${head}${formatBundle({ authorities: [certificate, old], crosses: [cross] })}${privateKey}`;
}

function read(text: string): OtherCa | null {
  const [certificate, old] = readBundle(text).authorities;
  const [cross] = readBundle(text).crosses;
  const [privateKey] = KEY.exec(text) ?? [];
  const until = Date.parse(UNTIL.exec(text)?.[1] ?? "");
  if (certificate === undefined) return null;
  if (!Number.isNaN(until)) return { kind: "former", certificate, until };
  if (old === undefined || cross === undefined || privateKey === undefined) return null;
  const next = { kind: "next", certificate, old, cross, privateKey } as const;
  const [, names] = AT_ONCE.exec(text) ?? [];
  if (names === undefined) return next;
  const revoked = json.read(names, readRevoked);
  return "value" in revoked ? { ...next, revokes: revoked.value } : null;
}

/**
 * @param name of the line, for the message
 * @throws LINE_BROKEN
 */
export function parseOtherCa(text: string, name: string): OtherCa {
  const other = read(text);
  if (other !== null) return other;
  throw new TetherdockError("LINE_BROKEN", `cannot read ca/other-ca.pem of the line "${name}"`, {
    why: ["it has neither a CA with its key nor one that was replaced"],
    hints: ["restore the file from a backup"],
  });
}
