/** The programs to compare with, from Debian; none of them is started as a service. */
import { execFileSync, spawnSync } from "node:child_process";

const PROGRAMS = ["haproxy", "nginx", "stunnel", "taskset"] as const;
const PACKAGES = ["haproxy", "nginx", "libnginx-mod-stream", "stunnel4", "util-linux"] as const;

function isThere(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`], { env: searchEnv }).status === 0;
}

/** Daemons are in sbin, which is not in every PATH. */
export const searchEnv = { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };

/** Installs missing programs; needs root then. */
export function installNeeds(): void {
  if (PROGRAMS.every(isThere)) return;
  // RUNLEVEL=1: Debian's scripts start no service then
  const env = { ...searchEnv, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  execFileSync("apt-get", ["update", "-qq"], { env, stdio: "inherit" });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...PACKAGES], {
    env,
    stdio: "inherit",
  });
}

/** One line for each program, for the report. */
export function versions(): string[] {
  const first = (program: string, ...args: string[]) => {
    const { stdout, stderr } = spawnSync(program, args, { env: searchEnv, encoding: "utf8" });
    return `${stdout}${stderr}`.split("\n").find((line) => /\d+\.\d+/.test(line)) ?? program;
  };
  return [
    `Node ${process.version} with OpenSSL ${process.versions.openssl}`,
    first("haproxy", "-v"),
    first("nginx", "-v"),
    first("stunnel", "-version"),
    first("openssl", "version"),
    `Linux ${first("uname", "-r")}`,
  ];
}
