/**
 * Once before the `cli` tests: builds what is published, and fetches what Debian packages the tests need:
 * zsh, fish and mksh, and the docker CLI 20.10, unpacked only, since installing it would start a daemon.
 */
import { execFileSync, type StdioOptions } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildFor } from "../support/built-cli.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with `tetherdock` and this `node`, for PATH. */
    bin: string;
    /** The built package. */
    dist: string;
    /** Every docker CLI to try: absolute paths. */
    dockers: string[];
  }
}

const root = join(import.meta.dirname, "../..");
const cache = join(root, ".cache/docker-20.10");

function sh(command: string, args: string[], cwd = root): void {
  const stdio: StdioOptions = ["ignore", "ignore", "inherit"];
  execFileSync(command, args, { cwd, stdio, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
}

function installShells(): void {
  const missing = ["zsh", "fish", "mksh"].filter((shell) => !existsSync(`/usr/bin/${shell}`));
  if (missing.length > 0) sh("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing]);
}

function unpackDocker(): string {
  const docker = join(cache, "usr/bin/docker");
  if (!existsSync(docker)) {
    mkdirSync(cache, { recursive: true });
    sh("apt-get", ["download", "-qq", "docker.io"], cache);
    const archive = readdirSync(cache).find((name) => name.endsWith(".deb")) ?? "";
    sh("dpkg-deb", ["-x", archive, "."], cache);
  }
  return docker;
}

/** @param work has the build in `dist` */
function prepare(project: TestProject, work: string): void {
  const [dist, bin] = [join(work, "dist"), join(work, "bin")];
  mkdirSync(bin);
  // As npm links a package's command.
  symlinkSync(join(dist, "main.js"), join(bin, "tetherdock"));
  symlinkSync(process.execPath, join(bin, "node"));
  installShells();
  project.provide("bin", bin);
  project.provide("dist", dist);
  project.provide("dockers", [unpackDocker(), "/usr/local/bin/docker"].filter(existsSync));
}

export default function setup(project: TestProject): () => void {
  return buildFor((work) => prepare(project, work));
}
