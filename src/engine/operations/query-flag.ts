/** A boolean in a query, as the engine reads it. @see moby, daemon/server/httputils/form.go, BoolValue */
import type { OperationCall } from "./operation.ts";

/** Go does not trim U+FEFF, which JavaScript does. @see Go, unicode.IsSpace */
const BYTE_ORDER_MARK = "\ufeff";

export const isTrue = (value = ""): boolean =>
  value.includes(BYTE_ORDER_MARK) || !["", "0", "no", "false", "none"].includes(value.trim().toLowerCase());

/** @returns whether any parameter of this name is true; `otherwise` if there is none */
export function isFlagSet({ query }: Pick<OperationCall, "query">, name: string, otherwise = false): boolean {
  const values = new URLSearchParams(query).getAll(name);
  return values.length === 0 ? otherwise : values.some(isTrue);
}
