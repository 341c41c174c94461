/** The calls that a copy of the audit log is made and verified with, over a line or through a fleet's store. */
import { refused } from "../admin-port.ts";
import type { AuditReader } from "../ports.ts";

const FILE = /^files\/([\w.-]{1,64})$/;

async function readBytes(audit: AuditReader, name: string, from: string, most?: number) {
  if (!/^[0-9]{1,15}$/.test(from)) return refused(400, "from is a number of bytes");
  const read = await audit.bytes(name, Number(from));
  if (read === null) return refused(404, "there is no such file");
  const bytes = read.bytes.subarray(0, most).toString("base64");
  return { status: 200, value: { size: read.size, bytes } };
}

/**
 * @param rest of the path, after `audit/` @param most bytes of a piece
 * @returns null: it is another call @throws FILE_FAILED
 */
export async function readCopyCall(
  audit: AuditReader,
  rest: string,
  query: URLSearchParams,
  most?: number,
): Promise<{ readonly status: number; readonly value: unknown } | null> {
  if (rest === "verify") return { status: 200, value: await audit.verify(query.get("seal")) };
  if (rest === "files") return { status: 200, value: { files: await audit.files() } };
  const file = FILE.exec(rest)?.[1];
  return file === undefined ? null : readBytes(audit, file, query.get("from") ?? "0", most);
}
