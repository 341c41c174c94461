/** Parses names for a server's subjectAltName, as users type them, hosts report them and ssh uses them. */
import { domainToASCII } from "node:url";
import { TetherdockError } from "../../base/index.ts";
import { canonicalIp } from "./ip-address.ts";

/** One subjectAltName entry in canonical form: equal names are equal strings. */
export interface San {
  readonly type: "dns" | "ip";
  readonly value: string;
}

// Hostnames have no underscores, but names in private networks do, and Go and OpenSSL match them.
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** URL parsers read `127.1` and `0x7f.1` as addresses: such a name is ambiguous. */
const NUMERIC = /^(?:[0-9]+|0x[0-9a-f]*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant, all of it
const ASCII = /^[\x00-\x7f]*$/;

/** Likely mistakes, each with its own reason; the first match is reported. */
const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/^\s*\.?\s*$/, "it is empty"],
  [/^\S*\s/, "it contains white space"],
  [/:\/\//, "it is a URL; give the host alone"],
  [/@/, "it contains a user; give the host alone"],
  [/\*/, "a wildcard would also be valid for other hosts"],
  [/:.*%/, "a zone id is only valid on one machine; give the address without it"],
  [/\//, "it is a network or a path; give one host"],
  [/^\[[^\]]*\]:\d+$|^[^:]+:\d+$/, "it has a port; give the host alone"],
];

function invalid(text: string, why: string): TetherdockError {
  return new TetherdockError("NAME_INVALID", `${JSON.stringify(text)} is not a host name or IP address`, {
    why: [why],
    hints: ["write names as docker.example.com, 192.0.2.7 or 2001:db8::7"],
  });
}

function toAscii(text: string): string {
  // Only for names that need it: domainToASCII would also turn names such as 127.1 into addresses.
  if (ASCII.test(text)) return text.toLowerCase();
  return domainToASCII(text);
}

function dnsProblem(name: string): string | null {
  if (name === "") return "it cannot be written as a DNS name";
  if (name.length > 253) return "it is longer than 253 characters";
  const labels = name.split(".");
  if (labels.some((label) => label === "")) return "there is nothing between two dots";
  if (labels.some((label) => label.length > 63)) return "a part of it is longer than 63 characters";
  const bad = labels.find((label) => !LABEL.test(label));
  if (bad !== undefined) return `${JSON.stringify(bad)} is not a part a DNS name can have`;
  return NUMERIC.test(labels.at(-1) ?? "") ? "it looks like an IP address but is not one" : null;
}

function parseIp(text: string): San | null {
  const bracketed = /^\[([^\]]*:[^\]]*)\]$/.exec(text);
  const value = canonicalIp(bracketed?.[1] ?? text);
  if (value === "0.0.0.0" || value === "::") throw invalid(text, "it stands for all addresses of a machine");
  return value === null ? null : { type: "ip", value };
}

/**
 * Distinguishes DNS names, IPv4 and IPv6 addresses, and brings them into canonical form.
 * @param text a host, no port; brackets around IPv6 and a DNS name's last dot are dropped, IDN becomes ASCII
 * @returns lower case; IPv6 as RFC 5952 spells it; an IPv4-mapped IPv6 address as IPv4
 * @throws NAME_INVALID for wildcards, zone ids, ports, URLs, `127.1` and anything else that is not one host
 * @see RFC 5280 §4.2.1.6, RFC 1123 §2.1
 */
export function parseName(text: string): San {
  const slip = SLIPS.find(([pattern]) => pattern.test(text));
  if (slip) throw invalid(text, slip[1]);
  const ip = parseIp(text);
  if (ip) return ip;
  const value = toAscii(text).replace(/\.$/, "");
  const problem = dnsProblem(value);
  if (problem !== null) throw invalid(text, problem);
  return { type: "dns", value };
}

/**
 * Parses many names and drops the repeated ones.
 * @returns each once, in the given order: the first stays first, because it becomes the common name
 * @throws NAME_INVALID for the first invalid name
 */
export function normaliseNames(texts: readonly string[]): San[] {
  const names = texts.map(parseName);
  return [...new Map(names.map((name) => [`${name.type}:${name.value}`, name])).values()];
}
