/** `tetherdock export`: writes the client's part of a line for another program or machine. */
import { basename, dirname, resolve } from "node:path";
import { type Bundle, formatOf, readBundle, whatLeaves } from "../../app/export/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import { writeIssued } from "../../system/identity/issued-files.ts";
import { filesIn, snippetOf } from "../client/snippets.ts";
import type { Context } from "../context.ts";
import { newPassword } from "../host/new-password.ts";
import type { ExportFlags } from "./flags.ts";

function refused(message: string, flags: ExportFlags, line: string): TetherdockError {
  const again = ["tetherdock", "export", line, "--format", flags.format, "--out", "PATH"];
  return new TetherdockError("USAGE", message, { hints: [shellJoin(again)] });
}

async function writeFolder(context: Context, flags: ExportFlags, bundle: Bundle): Promise<string> {
  const { line } = bundle;
  const format = formatOf(flags.format);
  if (flags.out === "-" || format.kind !== "folder")
    throw refused(`${flags.format} is a folder and cannot be written to stdout`, flags, line.name);
  const endpoint = lineEndpoint(line);
  const folder = filesIn(flags.for, flags.out ?? line.name, endpoint.host);
  const absolute = resolve(context.cwd, folder);
  await writeIssued(absolute, format.files(bundle, absolute));
  if (flags.for !== undefined) context.stdout.lines(snippetOf(flags.for, { ...endpoint, folder: absolute }));
  else context.stdout.line(folder);
  return folder;
}

async function writeFile(context: Context, flags: ExportFlags, bundle: Bundle): Promise<string> {
  const { name } = bundle.line;
  const format = formatOf(flags.format);
  if (format.kind !== "file") throw new Error("not a file");
  if (flags.for !== undefined) throw refused("--for needs --format pem", { ...flags, format: "pem" }, name);
  if (flags.out === "-" && flags.format === "p12")
    throw refused("a p12 file is binary and is not written to stdout", flags, name);
  const command = ["tetherdock", "export", name, "--format", flags.format];
  if (flags.out !== undefined) command.push("--out", flags.out);
  const password = format.isEncrypted ? await newPassword(context, flags.passwordFile, command) : "";
  const content = await format.content(bundle, password);
  if (flags.out === "-" && typeof content === "string") {
    context.stdout.data(content);
    return "what was printed";
  }
  const path = flags.out ?? `${name}${format.ending}`;
  await writeIssued(resolve(context.cwd, dirname(path)), { [basename(path)]: content });
  context.stdout.line(path);
  return path;
}

/** The path goes to stdout, and what it means to stderr. */
export async function exportLine(this: Context, flags: ExportFlags, line?: string): Promise<void> {
  const format = formatOf(flags.format);
  const isEncrypted = format.kind === "file" && format.isEncrypted;
  const bundle = await readBundle(this, await pickLine(this, line), isEncrypted);
  const write = format.kind === "folder" ? writeFolder : writeFile;
  const place = await write(this, flags, bundle);
  this.stderr.lines(whatLeaves(bundle, place, isEncrypted));
}
