/** dockerd's own flags inside a command line: which sockets it opens and whether it asks for certificates. */
import type { Word } from "./command-line.ts";

/** A command line taken apart into what concerns the API's sockets and everything else. */
export interface DaemonFlags {
  /** Values of -H / --host, in order. */
  readonly hosts: readonly string[];
  /** `tls`, `tlsverify`, `tlscacert`, `tlscert`, `tlskey` → value; a bare switch has "true". */
  readonly tls: ReadonlyMap<string, string>;
  /** The words that are none of these, in order. */
  readonly rest: readonly Word[];
}

const HOST = /^(?:-H|--host)(?:=(.*))?$/s;
const HOST_SHORT = /^-H([^=].*)$/s;
const TLS = /^--(tls|tlsverify|tlscacert|tlscert|tlskey)(?:=(.*))?$/s;
const TAKES_VALUE = new Set(["tlscacert", "tlscert", "tlskey"]);

/** Takes a command line (program first, or only flags) apart. */
export function readDaemonFlags(words: readonly Word[]): DaemonFlags {
  const hosts: string[] = [];
  const tls = new Map<string, string>();
  const rest: Word[] = [];
  const left = words.values();
  const next = () => left.next().value?.value ?? "";
  for (const word of left) {
    const host = HOST.exec(word.value) ?? HOST_SHORT.exec(word.value);
    const flag = TLS.exec(word.value);
    if (host) hosts.push(host[1] ?? next());
    else if (flag) tls.set(flag[1] ?? "", flag[2] ?? (TAKES_VALUE.has(flag[1] ?? "") ? next() : "true"));
    else rest.push(word);
  }
  return { hosts, tls, rest };
}

/** Whether a dockerd host value opens an inet socket. */
export function isTcp(host: string): boolean {
  return /^tcp:/.test(host) || /^\[?[0-9a-f.:]*\]?:[0-9]+$/i.test(host);
}

/** The port of a dockerd tcp host value; dockerd's own default is 2375, or 2376 with TLS. */
export function tcpPort(host: string, tls: boolean): number {
  const match = /:([0-9]+)\/?$/.exec(host);
  return match ? Number(match[1]) : tls ? 2376 : 2375;
}

/** Whether the flags make dockerd ask for client certificates. */
export function verifiesClients(tls: ReadonlyMap<string, string>): boolean {
  return tls.has("tlsverify") && tls.get("tlsverify") !== "false";
}
