import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type ImportFlags, importFlags } from "./flags.ts";

export const importRoute = buildCommand<ImportFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ importCommand }) => importCommand),
  parameters: {
    flags: importFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "path",
          brief: "Folder with ca.pem, cert.pem and key.pem, or an archive of tetherdock export",
          parse: String,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Make a line from certificates or an archive",
    fullDescription: [
      "Copies the certificates of a Docker client, of a docker-machine, or of an archive that tetherdock export wrote into a new line, if the engine accepts them.",
      "",
      "  tetherdock import ~/.docker --address vps.example",
      "  tetherdock import ~/.docker/machine/machines/web",
      "  tetherdock import web.tetherdock",
      "  tetherdock import --from-env",
    ].join("\n"),
  },
});
