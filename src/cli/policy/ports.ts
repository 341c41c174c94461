/** The ports of `policy`, made from the world of a command. */
import type { FilePorts, PolicyPorts, RecordPorts } from "../../app/policy/index.ts";
import { readText } from "../../system/files/file-error.ts";
import { recordCommand } from "../../system/recording/record-command.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";

export const filePorts: FilePorts = {
  readText,
};

export function policyPorts(context: Context): PolicyPorts & RecordPorts {
  const { env, signal } = context;
  return { ...gatewayPorts(context), ...filePorts, record: (command) => recordCommand(command, env, signal) };
}
