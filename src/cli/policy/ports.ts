/** The ports of `policy`, made from the world of a command. */
import { readFile } from "node:fs/promises";
import type { FilePorts, PolicyPorts, RecordPorts } from "../../app/policy/index.ts";
import { withFile } from "../../system/files/file-error.ts";
import { recordCommand } from "../../system/recording/record-command.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";

export const filePorts: FilePorts = {
  readText: (path) => withFile("read", path, () => readFile(path, "utf8")),
};

export function policyPorts(context: Context): PolicyPorts & RecordPorts {
  const { env, signal } = context;
  return { ...gatewayPorts(context), ...filePorts, record: (command) => recordCommand(command, env, signal) };
}
