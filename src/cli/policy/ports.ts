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
  const { signal } = context;
  const record: RecordPorts["record"] = (command) => recordCommand(command, context, signal);
  return { ...gatewayPorts(context), ...filePorts, record };
}
