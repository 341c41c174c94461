import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { jsonFlag } from "../flags/parameters.ts";
import type { ExplainFlags } from "./command.ts";

/** How many words follow `--`: the command to run. stricli hands them on mixed with those before it. */
function commandWords(args: readonly string[]): number {
  const end = args.indexOf("--");
  return end < 0 ? 0 : args.length - end - 1;
}

/** @param args the whole command line */
export function createExplainRoute(args: readonly string[]) {
  return buildCommand<ExplainFlags, string[], Context>({
    loader: async () => {
      const { explainCommand } = await import("./command.ts");
      return explainCommand(commandWords(args));
    },
    parameters: {
      flags: {
        file: {
          kind: "parsed",
          parse: String,
          optional: true,
          brief: "Read the text from a file",
          placeholder: "path",
        },
        probe: {
          kind: "boolean",
          optional: true,
          brief: "Probe any endpoint that the text names: GET /_ping in plain HTTP and over TLS",
        },
        json: jsonFlag,
      },
      positional: {
        kind: "array",
        parameter: {
          placeholder: "text",
          brief: "The message, as printed (default: stdin)",
          parse: String,
        },
      },
    },
    docs: {
      brief: "Explain an error message of docker, TLS or a client",
      fullDescription: [
        "Finds known messages in a text (an argument, a file, stdin, or the output of a command) and explains what",
        "they mean, what causes them, whether it is dangerous, and what to type. Probes the endpoint that the text",
        "names if it belongs to a line on this machine, or if the command or DOCKER_HOST names it; any other only",
        "with --probe, or if you say yes. Exit status 0: explained; 1: no known message; with a command: that of",
        "the command. The text - means stdin.",
        "",
        "  tetherdock explain 'tls: oversized record received with length 20527'",
        "  journalctl -u docker | tetherdock explain",
        "  tetherdock explain -- docker ps",
      ].join("\n"),
      customUsage: [
        "[--file PATH] [--probe|--no-probe] [--json] [TEXT...|-]",
        "[--probe|--no-probe] [--json] -- COMMAND [ARGUMENT...]",
      ],
    },
  });
}
