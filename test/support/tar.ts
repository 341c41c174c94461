/** Archives for attempts, as text: ASCII and NULs only. */
import { createHash } from "node:crypto";

const BLOCK = 512;
const END = "\0".repeat(2 * BLOCK);

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;

/** @see POSIX, pax: ustar */
function header(name: string, size: number, mode: number, type: string): string {
  const fields = [
    name.padEnd(100, "\0"),
    octal(mode, 8),
    octal(0, 8),
    octal(0, 8),
    octal(size, 12),
    octal(0, 12),
  ];
  const [before, after] = [
    fields.join(""),
    `${type}${"\0".repeat(100)}ustar\x0000`.padEnd(BLOCK - 156, "\0"),
  ];
  const sum = [...`${before}        ${after}`].reduce((all, sign) => all + sign.charCodeAt(0), 0);
  return `${before}${sum.toString(8).padStart(6, "0")}\0 ${after}`;
}

/** @param files by name; one that ends with a slash is a folder */
export function tar(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([name, text]) =>
    name.endsWith("/")
      ? header(name, 0, 0o755, "5")
      : header(name, text.length, 0o644, "0") + text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK, "\0"),
  );
  return entries.join("") + END;
}

/** An image with one empty layer, as `docker save` writes it. */
export function image(name: string, labels: Readonly<Record<string, string>>): string {
  const diff = `sha256:${createHash("sha256").update(END).digest("hex")}`;
  const config = {
    ...{ architecture: "amd64", os: "linux", config: { Labels: labels } },
    rootfs: { type: "layers", diff_ids: [diff] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [name], Layers: ["layer.tar"] }];
  return tar({
    "config.json": JSON.stringify(config),
    "layer.tar": END,
    "manifest.json": JSON.stringify(manifest),
  });
}
