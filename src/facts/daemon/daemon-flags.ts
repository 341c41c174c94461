/** Reads dockerd's flags in a command line: which sockets it opens and whether it requires certificates. */
import { PLAIN_PORT, TLS_PORT } from "../../engine/index.ts";
import type { Word } from "../systemd/command-line.ts";

/** A command line, split into the flags for the API's sockets and everything else. */
export interface DaemonFlags {
  /** Values of -H / --host, in order. */
  readonly hosts: readonly string[];
  /** `tls`, `tlsverify`, `tlscacert`, `tlscert`, `tlskey` → value; a switch without a value has "true". */
  readonly tls: ReadonlyMap<string, string>;
  /** All other words, in order. */
  readonly rest: readonly Word[];
}

const HOST = /^(?:-H|--host)(?:=(.*))?$/s;
const HOST_SHORT = /^-H([^=].*)$/s;
const TLS = /^--(tls|tlsverify|tlscacert|tlscert|tlskey)(?:=(.*))?$/s;
const TAKES_VALUE = new Set(["tlscacert", "tlscert", "tlskey"]);

/** Reads a command line, with or without the program in front. */
export function readDaemonFlags(words: readonly Word[]): DaemonFlags {
  const hosts: string[] = [];
  const tls = new Map<string, string>();
  const rest: Word[] = [];
  const left = words.values();
  const next = () => left.next().value?.value ?? "";
  for (const word of left) {
    const host = HOST.exec(word.value) ?? HOST_SHORT.exec(word.value);
    const flag = TLS.exec(word.value);
    // dockerd trims hosts: `"-H tcp://…"` may be one word, with the space in it.
    if (host) hosts.push((host[1] ?? next()).trim());
    else if (flag) tls.set(flag[1] ?? "", flag[2] ?? (TAKES_VALUE.has(flag[1] ?? "") ? next() : "true"));
    else rest.push(word);
  }
  return { hosts, tls, rest };
}

/** Whether a dockerd host value opens an inet socket. */
export function isTcp(host: string): boolean {
  return /^tcp:/.test(host) || /^\[?[0-9a-f.:]*\]?:[0-9]+$/i.test(host);
}

/** `tlsverify` turns TLS on even if it is false: dockerd only checks whether it is set. */
export function usesTls(tls: ReadonlyMap<string, string>): boolean {
  return tls.has("tlsverify") || isOn(tls.get("tls"));
}

/** Whether the settings make dockerd require client certificates. */
export function verifiesClients(tls: ReadonlyMap<string, string>): boolean {
  return isOn(tls.get("tlsverify"));
}

/** Reads a switch like Go's strconv.ParseBool. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:1|t|T|TRUE|true|True)$/.test(value);
}

/** The TCP ports that these settings open; a host without a port uses dockerd's default port. */
export function tcpPorts({ hosts, tls }: Pick<DaemonFlags, "hosts" | "tls">): number[] {
  const byDefault = usesTls(tls) ? TLS_PORT : PLAIN_PORT;
  return hosts.filter(isTcp).map((host) => Number(/:([0-9]+)\/?$/.exec(host)?.[1] ?? byDefault));
}
