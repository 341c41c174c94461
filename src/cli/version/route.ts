import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { VERSION } from "../version.ts";

export const versionRoute = buildCommand<Record<never, never>, [], Context>({
  func(this: Context) {
    this.stdout.line(VERSION);
  },
  parameters: {},
  docs: { brief: "Show the version" },
});
