/** The generations that tetherdock was tested with: the columns of docs/compatibility.md. */
import type { HostFacts } from "../facts/index.ts";

type Version = readonly [major: number, minor: number];

/** Oldest and newest. Everything that is documented for both also applies between them. */
export const TRIED_ENGINES: readonly [Version, Version] = [
  [20, 10],
  [28, 5],
];
export const TRIED_SYSTEMD: readonly [number, number] = [252, 262];

function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

function isTriedEngine(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  const [oldest, newest] = TRIED_ENGINES;
  const it: Version = [Number(major), Number(minor)];
  return !isBefore(it, oldest) && !isBefore(newest, it);
}

/** @returns a one-line warning for the user before this host is changed; null if such a host was tested */
export function untried({
  engine,
  systemdVersion,
}: Pick<HostFacts, "engine" | "systemdVersion">): string | null {
  const [oldest, newest] = TRIED_SYSTEMD;
  const strange = [
    ...(engine === null || isTriedEngine(engine.version) ? [] : [`docker ${engine.version}`]),
    ...(systemdVersion >= oldest && systemdVersion <= newest ? [] : [`systemd ${systemdVersion}`]),
  ];
  if (strange.length === 0) return null;
  const engines = TRIED_ENGINES.map((version) => version.join(".")).join(" to ");
  return `tetherdock has not been tested with ${strange.join(" and ")}, only with docker ${engines} on systemd ${oldest} to ${newest}`;
}
