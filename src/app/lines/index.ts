export {
  type LineContext,
  type LinePorts,
  listLineContexts,
  readableLines,
  refreshContextsOf,
  writeLineContext,
} from "./line-contexts.ts";
