export type { Body } from "./body.ts";
export { ByteBuffer } from "./byte-buffer.ts";
export { ChunkedData, dechunk } from "./dechunk.ts";
export { INCOMPLETE, REFUSED, withoutSpaces } from "./fields.ts";
export { isEndless, NO_BODY, requestBody, responseBody } from "./framing.ts";
export { PROBLEMS, type Problem } from "./problem.ts";
export { RequestHead, readRequestHead } from "./request-head.ts";
export { type ResponseHead, readResponseHead } from "./response-head.ts";
