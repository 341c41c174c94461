/** Removes from a head everything that differs between runs or names this machine, and keeps its form. */

const ID = "0123456789abcdef";

/** Targets and values: names from the tests stay, ids and times do not. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{64}/g, ID.repeat(4)],
  [/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g, ID.repeat(2)],
  [/(?<![0-9a-z])(?=[0-9a-f]*\d)[0-9a-f]{12}(?![0-9a-z])/g, ID.slice(0, 12)],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "01234567-89ab-cdef-0123-456789abcdef"],
  [/(?<![0-9a-z])(?=[a-z]*\d)[0-9a-z]{25}(?![0-9a-z])/g, `${"0a".repeat(12)}z`],
  [/(?<!\d)1[789]\d{8}\.\d{1,9}/g, "1764166000.123456789"],
  [/(?<!\d)1[789]\d{8}(?!\d)/g, "1764166000"],
  [/(?<=buildx_buildkit_)[a-z_]+(?=\d)/g, "builder"],
  [/(?<=[?&]version=)\d{2,}/g, "10"],
  [/%22[0-9a-z]{25}%22/g, `%22${"0a".repeat(12)}z%22`],
  [/kernel\/\S+/g, "kernel/6.1.0"],
];

/** Fields whose values are secrets, ids or lengths, and their replacements. */
const FIXED: ReadonlyMap<string, (value: string) => string> = new Map<string, (value: string) => string>([
  ["host", (value) => value.replace(/^\d+\.\d+\.\d+\.\d+:\d+$/, "192.0.2.7:2376")],
  ["content-length", (value) => (value === "0" ? value : "2")],
  ["x-registry-auth", () => "e30="],
  ["x-registry-config", () => "e30="],
  ["authorization", () => "Basic e30="],
  ["x-docker-expose-session-name", () => "context"],
  ["x-docker-expose-session-sharedkey", (value) => (value === "" ? "" : ID.repeat(4))],
  ["date", () => "Thu, 26 Nov 2026 14:00:00 GMT"],
  ["traceparent", () => `00-${ID.repeat(2)}-${ID}-01`],
]);

function line(text: string): string {
  const [, name = "", space = "", value = ""] = /^([^:\s]+):( *)(.*)$/s.exec(text) ?? [];
  const fix = FIXED.get(name.toLowerCase());
  if (fix !== undefined) return `${name}:${space}${fix(value)}`;
  return VOLATILE.reduce((changed, [pattern, by]) => changed.replaceAll(pattern, by), text);
}

/** @param head lines with their CRLF, including the last one */
export function normalise(head: string): string {
  return head.split("\r\n").map(line).join("\r\n");
}
