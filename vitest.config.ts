import { defineConfig } from "vitest/config";

/** Builds the program that the tests run. */
const BUILT = "test/support/built-cli.ts";

/** `unit` needs nothing but Node; `system` openssl and loopback too; `gateway` the same, bash, systemd-socket-activate, nginx, haproxy and caddy; `vectors` nginx and Go; `pki` openssl, ssh-keygen, NSS's tools and the docker CLI; `release` dash, busybox and mandoc; `e2e` boots real hosts (root, Debian) and runs one file at a time per worker. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "tools/**/*.test.ts",
            "test/docs/**/*.test.ts",
            "test/escapes/**/*.test.ts",
          ],
          // Some wait for a disk that others keep busy.
          testTimeout: 30_000,
          // Twice as fast: these tests share no state, and starting a process for each file takes longer than its tests.
          isolate: false,
          // On two cores it would be one.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: BUILT,
          testTimeout: 30_000,
          maxWorkers: 2,
          expect: { poll: { timeout: 10_000, interval: 20 } },
        },
      },
      {
        test: {
          name: "vectors",
          include: ["test/vectors/**/*.test.ts", "test/go-decoder/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "gateway",
          include: ["test/gateway/**/*.test.ts"],
          globalSetup: BUILT,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: { timeout: 10_000, interval: 20 } },
          maxWorkers: 2,
        },
      },
      { test: { name: "pki", include: ["test/pki/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "cli",
          include: ["test/cli/**/*.test.ts"],
          globalSetup: "test/cli/setup.ts",
          testTimeout: 60_000,
          // They wait more than they work.
          maxWorkers: 3,
        },
      },
      { test: { name: "release", include: ["test/release/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/support/machine-watch.ts", BUILT],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 3,
        },
      },
    ],
  },
});
