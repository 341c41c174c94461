import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { jsonFlag } from "../flags/parameters.ts";
import { VERSION } from "../version.ts";

/** Of what --json prints (docs/reference/json.md). Raised when a field goes away or changes its meaning. */
const JSON_VERSION = 1;

export const versionRoute = buildCommand<{ readonly json: boolean }, [], Context>({
  func(this: Context, { json }) {
    if (json) this.stdout.json({ tetherdock: VERSION, json: JSON_VERSION });
    else this.stdout.line(VERSION);
  },
  parameters: { flags: { json: jsonFlag } },
  docs: { brief: "Show the version" },
});
