import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type ImportFlags, importFlags } from "./flags.ts";

export const importRoute = buildCommand<ImportFlags, [string], Context>({
  loader: () => import("./command.ts").then(({ importCommand }) => importCommand),
  parameters: {
    flags: importFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "folder", brief: "Folder with ca.pem, cert.pem and key.pem", parse: String },
      ],
    },
  },
  docs: {
    brief: "Make a line from a Docker client's certificates",
    fullDescription: [
      "Copies the certificates of a Docker client, or of a docker-machine, into a new line, if the engine accepts them.",
      "",
      "  tetherdock import ~/.docker --address vps.example",
      "  tetherdock import ~/.docker/machine/machines/web --name web",
    ].join("\n"),
  },
});
