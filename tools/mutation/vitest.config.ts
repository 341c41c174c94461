import { defineConfig } from "vitest/config";

const folders = process.env["MUTATION_TESTS"]?.split(" ") ?? ["*"];

/** What a mutation run starts for each mutant: unit tests beside the sources, and those of escapes and of tables in docs. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: [
      ...folders.map((folder) => `src/${folder}/**/*.test.ts`),
      "tools/plant.test.ts",
      "test/escapes/**/*.test.ts",
      "test/docs/{viewer,deployer,roles,operations}.test.ts",
    ],
    setupFiles: ["tools/mutation/setup.ts"],
    testTimeout: 30_000,
    isolate: false,
    maxWorkers: 1,
  },
});
