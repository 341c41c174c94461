import { buildCommand } from "@stricli/core";
import type { ExplainFlags } from "../commands/explain.ts";
import type { Context } from "../context.ts";
import { jsonFlag } from "./parameters.ts";

/** How many words follow `--`: the command to run. stricli hands them on mixed with those before it. */
function commandWords(args: readonly string[]): number {
  const end = args.indexOf("--");
  return end < 0 ? 0 : args.length - end - 1;
}

/** @param args the whole command line */
export function createExplainRoute(args: readonly string[]) {
  return buildCommand<ExplainFlags, string[], Context>({
    loader: async () => {
      const { explainCommand } = await import("../commands/explain.ts");
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
          brief:
            "Ask the endpoint that the text names, whoever's it is: GET /_ping in plain HTTP and over TLS",
        },
        json: jsonFlag,
      },
      positional: {
        kind: "array",
        parameter: {
          placeholder: "text",
          brief: "The message, as it was printed; else stdin",
          parse: String,
        },
      },
    },
    docs: {
      brief: "Explain an error message of docker, TLS or a client",
      fullDescription: [
        "Finds known messages in a text (an argument, a file, stdin, or what a command prints) and tells what the",
        "words mean, what causes them, whether it is dangerous, and what to type. The endpoint that the text names",
        "is asked what it really speaks if a line of this machine leads there, or the command or DOCKER_HOST names",
        "it; any other only with --probe, or after a yes. Exit status 0: explained; 1: nothing known in the text;",
        "with a command: the command's own. A text - is stdin.",
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
