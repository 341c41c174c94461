/** The matrix for terminals: the table of the story, and below it what was really seen. */
import { visible } from "../../base/index.ts";
import type { Paint } from "../../doctor/index.ts";
import type { MatrixCell, MatrixRow } from "../matrix.ts";

const WIDTHS = [10, 12, 26, 15] as const;

function words({ works }: MatrixCell): string {
  return works === null ? "not known" : works ? "works" : "fails";
}

function plainWords(plain: MatrixCell, { tlsClaimed }: MatrixRow, paint: Paint): string {
  if (plain.works !== true) return words(plain).padEnd(WIDTHS[3]);
  const text = tlsClaimed ? "works: NO TLS" : "works: OPEN";
  return paint.bold(paint.red(text.padEnd(WIDTHS[3])));
}

function columns(first: string, second: string, third: string): string {
  return [first, second, third].map((text, at) => text.padEnd(WIDTHS[at] ?? 0)).join("  ");
}

function tableRows(row: MatrixRow, paint: Paint): string[] {
  const head = [row.openedBy, row.tlsClaimed ? "yes" : "no"] as const;
  if (row.listeners.length === 0) return [paint.dim(columns(...head, "none here"))];
  return row.listeners.map(
    ({ address, plain, tls }) =>
      `${columns(...head, visible(address))}  ${plainWords(plain, row, paint)}  ${words(tls)}`,
  );
}

function seenRows({ listeners }: MatrixRow): string[] {
  return listeners.flatMap(({ address, plain, tls }) => [
    visible(address),
    `  plain  ${visible(plain.saw)}`,
    `  TLS    ${visible(tls.saw)}`,
  ]);
}

/**
 * @param name of the engine
 * @param matrix of {@link matrixOf}; empty when nobody looked from inside
 * @returns lines with a newline at the end of each, at most 80 characters but for long addresses and observations
 */
export function drawMatrix(name: string, matrix: readonly MatrixRow[], paint: Paint): string {
  const title = `${paint.bold(visible(name))}: who opens each socket, what the flags claim, and what the listener does`;
  if (matrix.length === 0) return `${title}\nnot known: the host was not inspected from inside\n`;
  const heading = `${columns("opened by", "TLS claimed", "listener")}  ${"plain HTTP".padEnd(WIDTHS[3])}  TLS`;
  const seen = matrix.flatMap(seenRows);
  const lines = [
    title,
    paint.bold(heading),
    ...matrix.flatMap((row) => tableRows(row, paint)),
    ...(seen.length === 0 ? [] : ["", ...seen]),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
