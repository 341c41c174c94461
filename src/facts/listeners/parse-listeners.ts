/** Parses listening sockets and their holders from /proc. */
import type { ListenerFact } from "../host-facts.ts";
import type { Section } from "../sections.ts";

type Holder = ListenerFact["holders"][number];

const UNIT = /^(?!.*-\.slice$).+\.(?:service|scope|socket)$/;

function bytesOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

/** The kernel prints addresses as 32-bit words in the machine's byte order, which this reads as little endian. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => bytesOf(word).reverse());
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // The URL parser shortens IPv6 addresses as in RFC 5952.
  return new URL(`http://[${groups.join(":")}]`).hostname;
}

/** `0::/system.slice/docker.service`, or, with cgroup v1, the line of systemd's own hierarchy. */
function unitOf(cgroup: string): string | null {
  const lines = cgroup.split("\n");
  const line =
    lines.find((text) => /^\d+:name=systemd:\/./.test(text)) ?? lines.find((text) => /^0::/.test(text));
  const path = line?.replace(/^\d+:[^:]*:/, "").split("/") ?? [];
  return path.findLast((part) => UNIT.test(part)) ?? null;
}

function processes(sections: readonly Section[]): Map<number, Holder> {
  const found = sections.filter(({ words }) => words[0] === "process");
  return new Map(
    found.map(({ words, text }) => {
      const end = text.indexOf("\n");
      const command = text.slice(0, end).trim();
      return [Number(words[1]), { pid: Number(words[1]), command, unit: unitOf(text.slice(end + 1)) }];
    }),
  );
}

/** Lines "PID INODE", one for each descriptor: counts each process once for each socket. */
function heldInodes(text: string, byPid: ReadonlyMap<number, Holder>): Map<string, Holder[]> {
  const pids = new Map<string, Set<number>>();
  for (const [, pid, inode = ""] of text.matchAll(/^(\d+) (\d+)$/gm)) {
    const known = pids.get(inode);
    if (known) known.add(Number(pid));
    else pids.set(inode, new Set([Number(pid)]));
  }
  const holders = (some: Set<number>) =>
    [...some].map((pid) => byPid.get(pid)).filter((holder) => holder !== undefined);
  return new Map([...pids].map(([inode, some]) => [inode, holders(some)]));
}

/** As many as the script sends. */
const MAX_SOCKETS = 1000;

/** @param sections of the facts script */
export function parseListeners(sections: readonly Section[]): ListenerFact[] {
  const text = (name: string) => sections.find(({ words }) => words[0] === name)?.text ?? "";
  const byPid = processes(sections);
  const held = heldInodes(text("held"), byPid);
  // A socket has one address. If a host claims more, each with all holders, the result would be many times its text.
  const holdersOf = (inode: string): Holder[] => {
    const holders = held.get(inode) ?? [];
    held.delete(inode);
    return holders;
  };
  const found = (name: string, line: RegExp) => [...text(name).matchAll(line).take(MAX_SOCKETS)];
  const tcp = found("tcp", /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) (\d+)$/gm).map(
    ([, hex = "", port = "", inode = ""]) => {
      const number = Number.parseInt(port, 16);
      return { address: `${addressOf(hex)}:${number}`, port: number, holders: holdersOf(inode) };
    },
  );
  const unix = found("unix", /^(\d+) (\/\S+)$/gm).map(([, inode = "", path = ""]) => ({
    address: path,
    port: null,
    holders: holdersOf(inode),
  }));
  return merged([...tcp, ...unix]);
}

// With SO_REUSEPORT several sockets share one address; one process may hold several of them.
function merged(listeners: readonly ListenerFact[]): ListenerFact[] {
  const byAddress = Map.groupBy(listeners, ({ address }) => address);
  return [...byAddress].map(([address, same]) => {
    const holders = new Map(same.flatMap((one) => one.holders.map((holder) => [holder.pid, holder])));
    return { address, port: same[0]?.port ?? null, holders: [...holders.values()] };
  });
}
