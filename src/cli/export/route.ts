import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { type ExportFlags, exportFlags } from "./flags.ts";

export const exportRoute = buildCommand<ExportFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ exportLine }) => exportLine),
  parameters: { flags: exportFlags, positional: optionalLine },
  docs: {
    brief: "Write a line's certificates and key for another program",
    fullDescription: [
      "Writes the address, certificates and private key of this machine's access to a line: pem and ansible write a folder, the others one file. p12 is for browsers; secret is one value for the secret store of a CI system; archive is for another machine of yours, where tetherdock import reads it. Files with the key are readable by you only. The line's CA key is not exported.",
      "",
      "  tetherdock export web --format p12",
      "  tetherdock export web --format archive --out - | ssh desk tee web.tetherdock",
    ].join("\n"),
  },
});
