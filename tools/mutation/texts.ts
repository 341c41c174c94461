/**
 * Texts for people: the message of an error, its reason, and the hint. Transcripts compare them; a unit test for them
 * would only be a copy.
 */

/** The part of Babel's NodePath that is used here. */
export interface Node {
  readonly type: string;
  readonly key: string | number | null;
  readonly listKey?: string;
  readonly node: {
    readonly key?: { readonly name?: string };
    readonly callee?: { readonly name?: string };
  };
  readonly parentPath: Node | null;
}

const TEXT_FIELDS: ReadonlySet<string> = new Set(["why", "hint", "hints", "reason", "says", "title"]);
const ERRORS: ReadonlySet<string> = new Set(["TetherdockError", "Error"]);
const LITERALS: ReadonlySet<string> = new Set(["StringLiteral", "TemplateLiteral"]);
/** The nodes that may be between a text and its field: choices and lists, but no call and no comparison. */
const BETWEEN: ReadonlySet<string> = new Set([
  "ArrayExpression",
  "ConditionalExpression",
  "LogicalExpression",
  "SpreadElement",
]);

function isMessage({ key, listKey }: Node, parent: Node): boolean {
  const { name = "" } = parent.node.callee ?? {};
  return (
    parent.type === "NewExpression" &&
    listKey === "arguments" &&
    ERRORS.has(name) &&
    (key === 1 || name === "Error")
  );
}

/** @param path of any node of the source */
export function isText(path: Node): boolean {
  if (!LITERALS.has(path.type)) return false;
  for (let at = path, parent = path.parentPath; parent !== null; at = parent, parent = parent.parentPath) {
    if (parent.type === "ObjectProperty")
      return at.key === "value" && TEXT_FIELDS.has(parent.node.key?.name ?? "");
    if (isMessage(at, parent)) return true;
    if (!BETWEEN.has(parent.type) || at.key === "test") return false;
  }
  return false;
}
