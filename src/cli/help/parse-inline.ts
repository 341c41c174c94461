/** The styles in a line of Markdown. */
import type { Prose, Segment } from "./blocks.ts";

const MARKED =
  /\\(?<escaped>[*_|`[\]\\])|`(?<code>[^`]+)`|\*\*(?<strong>(?:`[^`]*`|[^*])+)\*\*|\*(?<emphasis>(?:`[^`]*`|[^*])+)\*|\[(?<label>(?:`[^`]*`|[^\]])+)\]\((?<link>[^)]+)\)|<(?<url>https?:[^>]+)>/g;

type Outer = Omit<Segment, "text">;

function segmentsOf(groups: Readonly<Record<string, string | undefined>>, outer: Outer): Segment[] {
  const { escaped, code, strong, emphasis, label, link, url } = groups;
  if (code !== undefined) return [{ ...outer, text: code, style: "code" }];
  if (strong !== undefined) return parse(strong, { ...outer, style: "strong" });
  if (emphasis !== undefined) return parse(emphasis, { ...outer, style: "emphasis" });
  if (label !== undefined && link !== undefined) return parse(label, { ...outer, link });
  return [{ ...outer, text: escaped ?? url ?? "" }];
}

function parse(text: string, outer: Outer): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const { 0: all, index, groups = {} } of text.matchAll(MARKED)) {
    if (index > at) segments.push({ ...outer, text: text.slice(at, index) });
    segments.push(...segmentsOf(groups, outer));
    at = index + all.length;
  }
  if (at < text.length) segments.push({ ...outer, text: text.slice(at) });
  return segments;
}

/** @param text Markdown without line breaks: code, bold, emphasis, links; everything else is text */
export function parseInline(text: string): Prose {
  return parse(text, { style: "plain" });
}
