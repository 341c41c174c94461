/** `tetherdock import`: makes a line from certificates that are here already, or from an archive. */
import { join, resolve } from "node:path";
import { type ImportPorts, importLine, placeInShell } from "../../app/import/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { isGatewayAnswer } from "../../engine/index.ts";
import { dockerHome } from "../../line/index.ts";
import { isFolder, readIfThere } from "../../system/files/file-error.ts";
import { engineVersion } from "../../system/probing/engine-client.ts";
import { connectAndAsk } from "../../system/probing/probe-connection.ts";
import type { Context } from "../context.ts";
import { knownPassword } from "../host/new-password.ts";
import { random } from "../host/random.ts";
import { during } from "../output/activity.ts";
import type { ImportFlags } from "./flags.ts";

/** A docker-machine's config.json has a few KiB; a ca.pem may have many certificates. */
const MAX_BYTES = 256 * 1024;

function portsOf(context: Context, flags: ImportFlags, path = "PATH"): ImportPorts {
  const { lines, clock } = context;
  const ask = { path: "/tetherdock/v1/status", maxBodyBytes: 4_096 } as const;
  return {
    ...{ lines, clock, random },
    isFolder,
    readFile: (folder, name = "") => readIfThere(join(folder, name), MAX_BYTES),
    password: () => knownPassword(context, flags.passwordFile, ["tetherdock", "import", path]),
    askEngine: (...asked) => during(context, "asking the engine", () => engineVersion(...asked)),
    async isGateway(endpoint, credential, timeoutMs) {
      const request = { endpoint, serverName: endpoint.host, credential, timeoutMs };
      const seen = await during(context, "asking the engine", () => connectAndAsk(request, ask));
      return seen.kind === "answered" && isGatewayAnswer(seen.answer);
    },
  };
}

/** @throws USAGE, LINE_EXISTS */
async function placeOf(context: Context, { fromEnv, address }: ImportFlags, path: string | undefined) {
  const { env, cwd, lines } = context;
  if (path !== undefined && !fromEnv) return { path: resolve(cwd, path), address };
  if (path === undefined && fromEnv && address === undefined)
    return placeInShell(lines, {
      ...{ env, dockerHome: dockerHome(context), resolve: (relative) => resolve(cwd, relative) },
    });
  throw new TetherdockError("USAGE", "import takes a path or --from-env, and one of them", {
    why: fromEnv ? ["--from-env has the path and the address"] : [],
    hints: ["tetherdock import --from-env", "tetherdock import ~/.docker --address NAME"],
  });
}

export async function importCommand(this: Context, flags: ImportFlags, path?: string): Promise<void> {
  const { name, json } = flags;
  const request = { ...(await placeOf(this, flags, path)), name };
  const imported = await importLine(portsOf(this, flags, path), request);
  if (json) {
    this.stdout.json(imported);
    return;
  }
  this.stdout.line(imported.line);
  this.stderr.line(`imported ${imported.address}, ${imported.mode}, docker ${imported.engine}`);
  this.stderr.line(`try: eval "$(${shellJoin(["tetherdock", "env", imported.line])})"; docker ps`);
}
