/** The picture of the README: a host before and after `tetherdock up`, drawn by `tetherdock topology --svg`. */
import type { Inside, Subject } from "../src/doctor/index.ts";
import { topologyOf, topologySvg } from "../src/topology/index.ts";
import { madeByUp, pitfall1 } from "../test/support/topology-subjects.ts";

/** The ways in that `up` changes: ssh is the same before and after. */
function withoutSsh(subject: Subject, name: string): Subject {
  const { inside } = subject;
  if (!inside) throw new Error("the picture needs a look from inside");
  const isOther = ({ holders }: Inside["listeners"][number]) =>
    holders.every(({ command }) => command !== "sshd");
  return { ...subject, name, inside: { ...inside, listeners: inside.listeners.filter(isOther) } };
}

const heightOf = (svg: string): number => Number(/ height="(\d+)"/.exec(svg)?.[1]);

/** @returns one SVG with the two drawings, the first above the second */
export function readmePicture(): string {
  const before = topologySvg(topologyOf(withoutSsh(pitfall1(), "before")));
  const after = topologySvg(topologyOf(withoutSsh(madeByUp(), "after tetherdock up")));
  const top = heightOf(before);
  const [width, height] = [920, top + heightOf(after)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    "<title>A host before and after tetherdock up</title>",
    before.trimEnd(),
    after.trimEnd().replace("<svg ", `<svg y="${top}" `),
    "</svg>\n",
  ].join("\n");
}
