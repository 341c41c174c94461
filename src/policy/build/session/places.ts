/** Where the files of an upload are, in the order in which fsutil's sender walks through the folder. */
interface Folder {
  readonly path: string;
  /** The name of the file that came last in it. */
  last: string;
}

/** The engine keeps all names in memory. */
const MOST_NAMES = 256 * 1024 * 1024;
/** Linux's PATH_MAX and NAME_MAX: it has no longer ones. */
const [LONGEST_PATH, LONGEST_NAME] = [4095, 255];

export class Places {
  /** Those which the next file can be in: each is in the one before. */
  readonly #folders: Folder[] = [{ path: "", last: "" }];
  #names = 0;
  #bytes = 0;

  /** Of memory: the folders' paths. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param path its bytes as characters: Go compares bytes @param more bytes that are kept with it @returns why it is refused; null: it may come next */
  refuses(path: string, isFolder: boolean, more: number): string | null {
    this.#names += path.length + more;
    if (this.#names > MOST_NAMES) return "the names of the build's files are too long";
    const slash = path.lastIndexOf("/");
    const [folder, name] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
    if (path.length > LONGEST_PATH || name.length > LONGEST_NAME) return "the name of a file is too long";
    while (this.#folders.length > 1 && this.#folders.at(-1)?.path !== folder)
      this.#bytes -= this.#folders.pop()?.path.length ?? 0;
    const parent = this.#folders.at(-1);
    if (slash === 0 || parent?.path !== folder || parent.last >= name)
      return "the build's files are not listed in their order";
    parent.last = name;
    if (isFolder) {
      this.#folders.push({ path, last: "" });
      this.#bytes += path.length;
    }
    return null;
  }
}
