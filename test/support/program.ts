/** The tetherdock that tests run. */
import { fileURLToPath } from "node:url";

/** What test/support/built-cli.ts has built, where a project has it built; elsewhere the sources. */
export const MAIN: string =
  process.env["TETHERDOCK_BUILT"] ?? fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
