/** Servers of a Debian release: unpacked, not installed, so that no daemon runs on this machine. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { mustRun } from "./run.ts";

const CACHE = fileURLToPath(new URL("../../.cache/unpacked/", import.meta.url));
const HOSTS = fileURLToPath(new URL("../hosts/", import.meta.url));

/** Programs of trixie, and of forky so far, run with bookworm's libc. */
export type PackageRelease = "bookworm" | "trixie" | "forky";

/** apt with lists of its own: this machine's are of its own release. The sources are those of the test hosts. */
const UNPACK = `set -eu
. "$1/lib/machine.sh"; . "$1/lib/releases.sh"
export VPS_HOME=$2
cd "$2"
mkdir -p lists/partial archives/partial
release_sources "$3" >sources.list
options="-qq -o Dir::State::Lists=$2/lists -o Dir::Cache=$2 -o Dir::Etc::SourceList=$2/sources.list
  -o Dir::Etc::SourceParts=/dev/null -o Dir::State::status=/dev/null -o APT::Sandbox::User=root"
apt-get $options update
apt-get $options download "$4"
dpkg-deb -x "$4"_*.deb .`;

/** @param path of the program in its package @returns where it is on this machine */
export async function unpackedProgram(release: PackageRelease, name: string, path: string): Promise<string> {
  const folder = `${CACHE}${name}-${release}`;
  const program = `${folder}/${path}`;
  if (existsSync(program)) return program;
  const work = `${folder}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await mustRun(["bash", "-c", UNPACK, "bash", HOSTS, work, release, name]);
  for (const part of ["lists", "archives"]) await rm(`${work}/${part}`, { recursive: true });
  // Another test may have been faster.
  await rename(work, folder).catch(() => rm(work, { recursive: true }));
  return program;
}
