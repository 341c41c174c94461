import { defineConfig } from "vitest/config";

/** What a mutation run starts for each mutant: the tests beside the sources, and two of what a viewer sees. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["src/**/*.test.ts", "tools/plant.test.ts", "test/docs/viewer.test.ts"],
    testTimeout: 30_000,
    maxWorkers: 1,
  },
});
