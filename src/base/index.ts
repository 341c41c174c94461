export { type CatalogueEntry, catalogue, type ErrorCode } from "./catalogue.ts";
export { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./clock.ts";
export { parseDuration } from "./duration.ts";
export { type Attempt, type ErrorParts, type Retype, TetherdockError } from "./error.ts";
export { Foreign, quoteForeign } from "./foreign.ts";
export * as json from "./json/index.ts";
export { shellJoin, shellQuote } from "./shell.ts";
export { visible } from "./visible.ts";
export { wrapText } from "./wrap-text.ts";
